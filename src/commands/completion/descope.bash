# Completion of descope for bash 3.2 and later. Made by "descope completion bash".

_descope() {
    local word program=${COMP_WORDS[0]} partial='' directive=0 name about
    local -a words names abouts

    # Bash cuts words at "=" too: put the parts of --flag=value together again.
    local i glue=0
    for ((i = 1; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((glue)) || [[ $word == '='* && ${#words[@]} -gt 0 && ${words[${#words[@]} - 1]} == --* ]]; then
            words[${#words[@]} - 1]+=$word
        else
            words+=("$word")
        fi
        glue=0
        [[ $word == '=' ]] && glue=1
    done
    ((${#words[@]})) && partial=${words[${#words[@]} - 1]}

    # The program that is being typed, which need not be the first one on the path.
    program=${program/#\~\//$HOME/}
    type -- "$program" >/dev/null 2>&1 || program=descope

    COMPREPLY=()
    names=()
    abouts=()
    while IFS=$'\t' read -r name about; do
        if [[ $name == :* ]]; then
            directive=${name#:}
        elif [[ -n $name ]]; then
            names+=("$name")
            abouts+=("$about")
        fi
    done < <("$program" __complete "${words[@]}" 2>/dev/null)

    if ((${#names[@]} == 0)); then
        ((directive == 0)) || return 0
        # The names of files. Bash before 4 has no compopt and gets plain names.
        if type compopt >/dev/null 2>&1; then
            compopt -o default
        else
            partial=${partial#--*=}
            while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -f -- "$partial")
        fi
        return 0
    fi

    # Behind "=" bash puts in the value alone.
    if [[ $partial == --*=* && $COMP_WORDBREAKS == *=* ]]; then
        for i in "${!names[@]}"; do names[i]=${names[i]#--*=}; done
    fi

    # One candidate is put into the line, where a description has no place; so are all of them when bash steps through them.
    if ((${#names[@]} == 1)) || [[ ${COMP_TYPE:-9} == 37 || ${COMP_TYPE:-9} == 42 ]]; then
        COMPREPLY=("${names[@]}")
        return 0
    fi
    local width=0 room
    for name in "${names[@]}"; do
        ((${#name} > width)) && width=${#name}
    done
    room=$((${COLUMNS:-80} - width - 5))
    for i in "${!names[@]}"; do
        about=${abouts[i]}
        if [[ -z $about ]] || ((room < 10)); then
            COMPREPLY+=("${names[i]}")
        else
            ((${#about} > room)) && about=${about:0:room - 3}...
            printf -v name '%-*s  (%s)' "$width" "${names[i]}" "$about"
            COMPREPLY+=("$name")
        fi
    done
}

if [[ ${BASH_VERSINFO[0]:-0} -ge 5 || (${BASH_VERSINFO[0]:-0} -eq 4 && ${BASH_VERSINFO[1]:-0} -ge 4) ]]; then
    # The candidates come in an order of their own: commands by name, flags as they are declared.
    complete -o nosort -F _descope descope
else
    complete -F _descope descope
fi
