{#- Text as it is searched. Folding takes out addresses, case, accents and invisible signs (soft hyphen, Arabic tatweel, zero
    width, direction marks, emoji variants; the joiner of emoji stays). DuckDB's `strip_accents` takes all combining marks
    off; Spark has no such function, so there the common Latin letters are translated and Arabic and Hebrew points
    removed: other scripts keep their marks, in the text and in the keyword alike. -#}
{% macro folded_text(text) -%} {{ return(adapter.dispatch("folded_text")(text)) }} {%- endmacro %}
{% macro duckdb__folded_text(text) -%}
    strip_accents(
        lower(
            regexp_replace(
                regexp_replace(
                    replace({{ text }}, '＃', '#'), '(?i)(https?://|www[.])[^\s]+', ' ', 'g'
                ),
                '[\x{00AD}\x{0640}\x{200B}\x{200C}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2069}\x{FE0E}\x{FE0F}\x{FEFF}]',
                '',
                'g'
            )
        )
    )
{%- endmacro %}
{% macro spark__folded_text(text) -%}
    regexp_replace(
        translate(
            lower(
                regexp_replace(
                    regexp_replace(
                        replace({{ text }}, '＃', '#'), '(?i)(https?://|www[.])[^\\s]+', ' '
                    ),
                    '[\\x{00AD}\\x{0640}\\x{200B}\\x{200C}\\x{200E}\\x{200F}\\x{202A}-\\x{202E}\\x{2060}-\\x{2069}\\x{FE0E}\\x{FE0F}\\x{FEFF}]',
                    ''
                )
            ),
            'àáâãäåāăąçćčďèéêëēėęěğìíîïīįñńňòóôõöōőřśşšťùúûüūůűųýÿźżžأإآ',
            'aaaaaaaaacccdeeeeeeeegiiiiiinnnooooooorssstuuuuuuuuyyzzzااا'
        ),
        '[\\x{0300}-\\x{036F}\\x{0591}-\\x{05BD}\\x{064B}-\\x{065F}]',
        ''
    )
{%- endmacro %}

{#- The words of a folded text, one space between them and at both ends, so that ' word ' is a whole word. Only letters,
    marks, digits and `_` make words: `lumen-works` is two, `lumenworks_fan` is one. -#}
{% macro searchable_words(folded) -%}
    {{ return(adapter.dispatch("searchable_words")(folded)) }}
{%- endmacro %}
{% macro duckdb__searchable_words(folded) -%}
    regexp_replace(' ' || {{ folded }} || ' ', '[^\p{L}\p{M}\p{N}_]+', ' ', 'g')
{%- endmacro %}
{% macro spark__searchable_words(folded) -%}
    regexp_replace(concat(' ', {{ folded }}, ' '), '[^\\p{L}\\p{M}\\p{N}_]+', ' ')
{%- endmacro %}

{#- The same with `#`, `@` and emoji left where they stand: ' #word ' is a whole hashtag, ' @name ' a whole handle.
    A `#` within a word begins no hashtag, so the word ends there. Hashtags written without a space between them are
    parted; two passes do, as a pass skips every second one. -#}
{% macro searchable_tokens(folded) -%}
    {{ return(adapter.dispatch("searchable_tokens")(folded)) }}
{%- endmacro %}
{% macro duckdb__searchable_tokens(folded) -%}
    {%- set kept = (
        "regexp_replace(' ' || "
        ~ folded
        ~ " || ' ', '[^\\p{L}\\p{M}\\p{N}\\p{So}\\x{1F3FB}-\\x{1F3FF}\\x{200D}_#@]+', ' ', 'g')"
    ) -%}
    {%- set begun = "regexp_replace(" ~ kept ~ ", '( [^ #]+)#[^ ]*', '\\1', 'g')" -%}
    {%- set part = "'(#[^ #]+)#', '\\1 #', 'g')" -%}
    regexp_replace(regexp_replace({{ begun }}, {{ part }}, {{ part }}
{%- endmacro %}
{% macro spark__searchable_tokens(folded) -%}
    {%- set kept = (
        "regexp_replace(concat(' ', "
        ~ folded
        ~ ", ' '), '[^\\\\p{L}\\\\p{M}\\\\p{N}\\\\p{So}\\\\x{1F3FB}-\\\\x{1F3FF}\\\\x{200D}_#@]+', ' ')"
    ) -%}
    {%- set begun = "regexp_replace(" ~ kept ~ ", '( [^ #]+)#[^ ]*', '$1')" -%}
    {%- set part = "'(#[^ #]+)#', '$1 #')" -%}
    regexp_replace(regexp_replace({{ begun }}, {{ part }}, {{ part }}
{%- endmacro %}
