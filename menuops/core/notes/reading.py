"""Rules of any file: that it can be read, and is the YAML or JSON that was meant."""

from __future__ import annotations

from typing import Final

from menuops.core.notes.note import RuleNote, error, warning

READING: Final[tuple[RuleNote, ...]] = (
    error(
        "unreadable",
        "The file can't be read.",
        "There is no such file, it is no plain file, or you have no right to read it. "
        "Paths go from the folder of `menuops.yaml`.",
    ),
    error(
        "too-large",
        "The file is larger than any file of its kind.",
        "A full menu has about 3,000 bytes. Make sure that this is the file that you meant.",
    ),
    error(
        "encoding",
        "The file isn't UTF-8.",
        "WeChat takes UTF-8 alone. Save the file as UTF-8, with or without a byte order mark; "
        "some editors on Windows save GBK or UTF-16 unless they are told.",
    ),
    error(
        "binary-file",
        "The file holds no text.",
        "It is a picture, an archive or an office document, by its first bytes. Give the YAML or "
        "JSON itself; out of an Excel or Word document, copy the text into a file of its own.",
    ),
    error(
        "other-format",
        "The file is in another format than YAML and JSON.",
        "A web page, PHP, JavaScript, JSON within a call or within quotes, what Python prints, a "
        "template. Save the data itself as JSON; the message says how where it can. A link that "
        "begins with a template's mark (`{{host}}/new`) leads nowhere: write variables as "
        "`${host}`, with values under `vars`.",
    ),
    error(
        "empty-file",
        "The file says nothing.",
        "It is empty, or holds only comments. To have no menu at all is a decision that no "
        "empty file can make.",
    ),
    error(
        "many-documents",
        "The file holds more than one YAML document.",
        "A line `---` begins another document. Put each menu in a file of its own.",
    ),
    error(
        "yaml-syntax",
        "The file is neither YAML nor JSON.",
        "The place is where the reader gave up; the slip is often in the line above: an indent, "
        "a quote that is never closed, a text that begins with a sign of YAML and needs quotes.",
    ),
    error(
        "json-comment",
        "A `//` or `/*` stands where JSON has no comment.",
        "JSON has none at all. A menu file may be YAML too, whose comments begin with `#`.",
    ),
    error(
        "merge-conflict",
        "Git left both versions of a merge in the file.",
        "Keep what is right of the two, and delete the lines of `<<<<<<<`, `=======`, `>>>>>>>`.",
    ),
    error(
        "tab",
        "A tab indents a line.",
        "YAML indents with blanks alone. Let the editor turn tabs into blanks.",
    ),
    error(
        "full-width-colon",
        "A full-width colon stands after a key.",
        "A Chinese input method types `：`, which is a letter to YAML. "
        "Type an ASCII `:` and a blank.",
    ),
    error(
        "full-width-mark",
        "A full-width mark stands where YAML wants one of ASCII.",
        "A Chinese input method or a word processor types `，`, `“`, `”`, `【`; to YAML they are "
        "letters. Inside a text they are fine.",
    ),
    error(
        "odd-blank",
        "A blank that isn't ASCII's indents a line or surrounds a key.",
        "A full-width blank (U+3000), a no-break space (U+00A0) or one of no width is a letter "
        "to YAML and looks like nothing. They come with text from chats and web pages.",
    ),
    error(
        "missing-blank",
        "A blank is missing after `:` or `-`.",
        "`name:新品` is one long text to YAML; it is `name: 新品`. An item is `- name`.",
    ),
    error(
        "list-mark",
        "An item of a list begins with another mark than `-`.",
        "Word processors turn `-` into `–` or `•`, Chinese input methods into `－`. "
        "Type an ASCII `-` and a blank.",
    ),
    warning(
        "comment-in-text",
        "A `#` behind a text begins a comment, and no blank follows it.",
        "`name: A #1` says `A`. Put the text in quotes if `#1` belongs to it; write `# 1` if it "
        "is a comment.",
    ),
    error(
        "control-character",
        "A text holds a control character or a line break.",
        "It can't be seen and WeChat refuses it or shows garbage. Often it is the line break "
        "that a block text (`|`) ends with; write `|-`. In JSON it is a `\\n`.",
    ),
    error(
        "duplicate-key",
        "A key stands twice in one mapping.",
        "Most readers take the last and say nothing, so one of the two values is lost. "
        "Delete the one that isn't meant.",
    ),
    error(
        "key-not-text",
        "A key is a list or a mapping.",
        "YAML allows it, JSON doesn't, and nothing here has such a key. Often a `?` or a bracket "
        "stands where text was meant; put it in quotes.",
    ),
    error(
        "yaml-tag",
        "A YAML tag (`!!int`, `!Ref`) stands before a value.",
        "Tags have no meaning in these files. Delete it; quotes make a text.",
    ),
    error(
        "merge-key",
        "`<<` takes over something that isn't a mapping.",
        "`<<` needs an alias of a mapping (`<<: *base`), or a list of such aliases.",
    ),
    error(
        "unknown-anchor",
        "An alias names an anchor that isn't above it.",
        "`*name` takes over what `&name` marks further up, and not itself. "
        "A text that begins with `*` needs quotes.",
    ),
    error(
        "too-nested",
        "Mappings and lists stand too deep in one another.",
        "A menu file needs eight levels. Brackets that are never closed are a common cause.",
    ),
    error(
        "too-many-aliases",
        "Aliases blow the file up.",
        "Aliases of aliases multiply: a file of a few lines could fill the memory. "
        "Write out what is meant.",
    ),
    warning(
        "more-findings",
        "A file has more findings than are shown.",
        "The first ones are enough to see what is wrong; often it is one mistake, repeated.",
    ),
    error(
        "wrong-type",
        "A value is of another kind than its key takes.",
        "Such as a list where text belongs, or a key without a value. "
        "The message says what belongs there.",
    ),
    error(
        "unknown-key",
        "No key is called so at this place.",
        "WeChat ignores a field that it doesn't know, so a misspelt one would be lost in "
        "silence. Keys of your own go to the top level of a menu file and begin with `x-`.",
    ),
    error(
        "missing-field",
        "A key that must be there is missing.",
        "WeChat names a missing field as a length error of that field (40019, 40027) and never "
        "says which button lacks it.",
    ),
    error(
        "stray-field",
        "A key doesn't go with the others beside it.",
        "Such as a `key` on a view button: WeChat drops it in silence. Delete it, or choose the "
        "type that it goes with.",
    ),
    error(
        "schema",
        "The file doesn't fit the schema, and nothing more is known.",
        "A rule of the schema that has no words of its own. `menuops schema` prints the schema.",
    ),
    warning(
        "quote-it",
        "A plain value is text here and something else to other YAML readers.",
        "`on`, `010`, `12:30` or `2026-11-11` are a boolean, a number or a date to some. Here they "
        "stay the text that was written; quotes make sure that they do elsewhere.",
    ),
    error(
        "unknown-variable",
        "A `${name}` has no value.",
        "Give it under `vars`, in the menu file or in the account, or with `--var`. `${appid}` "
        "and `${account}` are built in; `$${` is a literal `${`.",
    ),
    error(
        "unclosed-variable",
        "A `${` is never closed.",
        "Write `${name}`, or `$${` for a literal `${`.",
    ),
    error(
        "too-much-filled-in",
        "The values of the variables in a text come to more than fits anywhere.",
        "A short file could ask for all the memory there is. The longest text that WeChat takes, a "
        "link, has 1,024 bytes.",
    ),
    error(
        "nested-variable",
        "The value of a variable holds a `${`.",
        "Values aren't filled in again. Put the parts together where the variable is used.",
    ),
    error(
        "unquoted-variable",
        "A `${…}` inside `{…}` or `[…]` has no quotes.",
        "YAML takes its braces for a mapping. Put the text in quotes.",
    ),
    error(
        "variable-name",
        "A variable can't be called so.",
        "A name has letters, digits and `_`, and no digit at its start.",
    ),
    error(
        "reserved-variable",
        "`${appid}` and `${account}` are built in.",
        "They stand for the account that the menu is for. Choose another name.",
    ),
)
