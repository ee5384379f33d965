extension StylePiece {
    /// Forms, fields, buttons, notes of what was done or is wrong, and the first steps of an empty place.
    static let form = StylePiece(
        rules: """
            .form{max-width:640px;display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:14px 20px;margin-top:14px}
            .form>.whole,.form>.acts,.form>.note,.form>h2{grid-column:1/-1}
            .form>.acts{display:flex;flex-wrap:wrap;gap:8px;align-items:center;border-top:1px solid var(--line);padding-top:14px}
            .bar-form{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:flex-start;margin:10px 0 4px}
            .bar-form>.button{margin-top:20px}
            .field{min-width:0}
            .field label{display:block;font-size:12px;line-height:16px;font-weight:500;margin-bottom:3px}
            .field .if-known{font-weight:400;color:var(--ink-3)}
            .field input,.field select,.field textarea{width:100%;height:30px;padding:0 9px;font:inherit;color:var(--ink);
            background:var(--surface);border:1px solid var(--edge);border-radius:5px}
            .field textarea{height:auto;min-height:76px;padding:6px 9px}
            .field .hint{margin-top:3px}
            .bar-form .field{min-width:136px}.bar-form .field.wide-field{min-width:246px}
            .invalid input{border:2px solid var(--bad);padding:0 8px}
            .wrong{display:flex;gap:6px;color:var(--bad);font-size:12px;line-height:16px;margin-top:3px}
            .wrong .icon{margin-top:1px}
            button.button{font:inherit;font-weight:500;cursor:pointer}
            .button.primary{background:var(--accent);border-color:var(--accent);color:var(--accent-ink)}
            .button.primary:hover{border-color:var(--ink)}
            .button.small{height:24px;padding:0 9px}
            .note.done,.note.stop{margin:0 0 14px;font-size:13px;line-height:20px}
            .note.done{border-color:var(--good);display:flex;flex-wrap:wrap;gap:4px 16px;align-items:center}
            .note.done .icon{color:var(--good)}.note.done form{margin:0}.note.done p+p{color:inherit}
            .note.stop{border-color:var(--bad)}.note.now{border-color:var(--accent)}
            .note.stop ol{counter-reset:n}
            .note.stop li{counter-increment:n;display:flex;gap:12px}
            .note.stop li::before{content:counter(n);color:var(--ink-3)}
            .begin{max-width:520px;padding:36px 0 24px}
            .begin h2{font-size:20px;line-height:28px;letter-spacing:-.012em}
            .begin>p{margin-top:6px;font-size:14px;line-height:22px;color:var(--ink-2)}
            .begin h3{font-size:13px;line-height:20px;font-weight:600;margin:20px 0 8px}
            .begin ul{border-top:1px solid var(--line)}
            .begin li{display:flex;gap:12px;padding:9px 0 10px;border-bottom:1px solid var(--line);align-items:flex-start}
            .begin li .icon{margin-top:4px;color:var(--accent)}
            .begin li>div{flex:1;min-width:0}
            .files{display:flex;flex-wrap:wrap;gap:6px;justify-content:flex-end;max-width:260px}
            .files input{font:inherit;font-size:12px;color:var(--ink-2);max-width:100%;min-height:28px}
            .files input::file-selector-button{font:inherit;font-weight:500;height:26px;padding:0 9px;border:1px solid var(--edge);
            border-radius:5px;background:var(--surface);color:var(--ink);margin-right:8px}

            """,
        phone: """
            .form{grid-template-columns:minmax(0,1fr)}
            .field input,.field select{height:44px;font-size:16px}
            .field label,.wrong{font-size:14px;line-height:20px}
            .bar-form .field,.bar-form .field.wide-field{flex:1 1 44%;min-width:130px}
            .bar-form>.button{margin-top:4px}
            .bar-form .button,.form .button{min-height:44px;flex:1 1 100%;justify-content:center}
            .button.small{min-height:44px}
            .begin{padding:16px 0}.begin li{flex-wrap:wrap}.files{max-width:none;width:100%;justify-content:flex-start}
            .files .button{flex:0 1 auto}

            """,
        print: """
            .bar-form,.files,.begin ul,.note.done form{display:none}

            """)
}
