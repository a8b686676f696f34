#compdef descope
# Completion of descope for zsh. Made by "descope completion zsh".

_descope() {
    local line name about directive=0 program=${(Q)words[1]}
    local -a typed words_found flags_found

    # The program that is being typed, which need not be the first one on the path.
    program=${program/#\~\//$HOME/}
    (( $+commands[$program] )) || [[ -x $program ]] || program=descope

    typed=("${(@Q)words[2,CURRENT]}")
    while IFS= read -r line; do
        if [[ $line == :<-> ]]; then
            directive=${line#:}
            continue
        fi
        name=${line%%$'\t'*}
        about=
        [[ $line == *$'\t'* ]] && about=${line#*$'\t'}
        # A colon parts the name from what is said about it.
        name=${name//:/\\:}
        [[ -n $about ]] && name+=:$about
        if [[ $line == -* ]]; then flags_found+=("$name"); else words_found+=("$name"); fi
    done < <($program __complete "${typed[@]}" 2>/dev/null)

    if (( $#words_found )); then
        _describe -t commands 'command' words_found
    elif (( $#flags_found )); then
        _describe -o -t options 'flag' flags_found
    elif (( directive == 0 )); then
        # The value of --flag=value is a file as well.
        compset -P '--*='
        _files
    else
        return 1
    fi
}

if [[ ${funcstack[1]:-} == _descope ]]; then
    # Found on the fpath and called for the first time.
    _descope "$@"
elif (( $+functions[compdef] )); then
    compdef _descope descope
else
    # The completion system is not there yet, and one that is set up later would forget what it was told before: at the first prompt
    # it is known whether the user's own files set it up.
    _descope_register() {
        add-zsh-hook -d precmd _descope_register
        unfunction _descope_register
        (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
        compdef _descope descope
    }
    autoload -Uz add-zsh-hook && add-zsh-hook precmd _descope_register
fi
