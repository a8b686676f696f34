# Completion of descope for PowerShell 5.1 and later. Made by "descope completion powershell".

Register-ArgumentCompleter -Native -CommandName 'descope', 'descope.exe' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # The words that end before the cursor, as they were typed; then the one that is being typed.
    $program = 'descope'
    $words = @()
    foreach ($element in $commandAst.CommandElements) {
        if ($element.Extent.EndOffset -ge $cursorPosition -and "$wordToComplete" -ne '') { break }
        if ($element.Extent.StartOffset -ge $cursorPosition) { break }
        if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
            $words += $element.Value
        } else {
            $words += $element.Extent.Text
        }
    }
    if ($words.Count -gt 0) {
        if (Get-Command -Name $words[0] -CommandType Application, ExternalScript -ErrorAction Ignore) { $program = $words[0] }
        $words = @($words | Select-Object -Skip 1)
    }

    # PowerShell before 7.3 drops an empty word on its way to a program unless it stands in quotes.
    $partial = "$wordToComplete"
    $passing = Get-Variable -Name PSNativeCommandArgumentPassing -ValueOnly -ErrorAction Ignore
    if ($partial -eq '' -and ($null -eq $passing -or "$passing" -eq 'Legacy')) { $partial = '""' }

    $directive = 0
    $found = @()
    foreach ($line in @(& $program '__complete' @words $partial 2>$null)) {
        if ($line -match '^:(\d+)$') { $directive = [int]$Matches[1]; continue }
        $name, $about = $line -split "`t", 2
        if ([string]::IsNullOrEmpty($name)) { continue }
        if ([string]::IsNullOrEmpty($about)) { $about = $name }
        $kind = if ($name.StartsWith('-')) { 'ParameterName' } else { 'ParameterValue' }
        $found += [System.Management.Automation.CompletionResult]::new($name, $name, $kind, $about)
    }

    # With nothing at all, PowerShell completes the names of files; an empty text keeps it from that.
    if ($found.Count -gt 0) { $found } elseif ($directive -ne 0) { '' }
}
