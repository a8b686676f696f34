# Completion of descope for fish. Made by "descope completion fish".

function __descope_complete
    # The words before the cursor, then the one that is being typed.
    set -l words (commandline -opc)
    set -l partial (commandline -ct)
    set -l program $words[1]
    type -q -- $program; or set program descope

    set -l lines (command $program __complete $words[2..-1] "$partial" 2>/dev/null)
    set -l directive 0
    if string match -qr '^:[0-9]+$' -- "$lines[-1]"
        set directive (string sub -s 2 -- $lines[-1])
        set -e lines[-1]
    end

    if test (count $lines) -gt 0
        printf '%s\n' $lines
    else if test "$directive" = 0
        # The names of files; the value of --flag=value is a file as well.
        set -l flag (string match -r '^--[^=]+=' -- "$partial")
        for found in (__fish_complete_path (string replace -r '^--[^=]+=' '' -- "$partial"))
            printf '%s\n' "$flag$found"
        end
    end
end

complete -c descope -e
complete -c descope -k -f -a '(__descope_complete)'
