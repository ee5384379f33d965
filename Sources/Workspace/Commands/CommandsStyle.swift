/// The catalogue and the forms of its commands.
enum CommandsStyle {
    static let css = """
        .catalogue{columns:3 320px;column-gap:36px;margin-top:16px}
        .catalogue section{break-inside:avoid;margin-bottom:24px}
        .catalogue h2{border-bottom:1px solid var(--line-2);padding-bottom:4px;margin-bottom:4px}
        .catalogue dt a{display:inline-block;min-height:24px;line-height:24px;font-weight:500}
        .fields{max-width:640px;margin-top:16px}
        .field{margin-bottom:16px}.field label{display:block;font-weight:500;font-size:12px;line-height:16px;margin-bottom:4px}
        .field label.check{font-size:13px;line-height:24px}
        .field input[type=text],.field input[type=password],.field input[type=email],.field input[type=date],.field select,.field textarea{
        width:100%;min-height:30px;padding:4px 8px;font:inherit;color:inherit;background:var(--surface);border:1px solid var(--edge);border-radius:5px}
        .field input+input{margin-top:4px}
        .field.wrong input,.field.wrong select,.field.wrong textarea{border:2px solid var(--bad)}
        p.wrong{color:var(--bad);margin-top:4px}
        .buttons{display:flex;gap:8px;flex-wrap:wrap;margin-top:24px}
        .note{border-left:2px solid var(--line-2);padding:4px 12px;margin:0 0 16px}
        .note.bad{border-color:var(--bad)}.note.done{border-color:var(--good);display:flex;gap:12px;align-items:center}
        .note li{margin-top:4px}
        pre{font:12px/18px ui-monospace,"DejaVu Sans Mono",monospace;white-space:pre;overflow-x:auto;margin:0}
        .operation{margin-top:24px}.parameters{display:grid;grid-template-columns:minmax(120px,200px) 1fr;gap:4px 12px;margin-top:4px}
        .leave button{font:inherit;font-size:12px;min-height:24px;border:0;background:none;padding:0;color:var(--accent);text-decoration:underline;cursor:pointer}
        .job{max-width:640px;margin-top:16px}.job progress{width:100%;height:8px;margin:8px 0;accent-color:var(--accent)}
        @media screen and (max-width:899px){.field input:not([type=checkbox]),.field select,.buttons .button{min-height:44px}}

        """
}
