extension StylePiece {
    /// Head of a page, buttons, problems.
    static let page = StylePiece(
        rules: """
            main{padding:18px 24px 36px;min-width:0}
            main:focus{outline:none}
            .head{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline}
            .head p{color:var(--ink-2)}
            .standing{display:flex;flex-wrap:wrap;gap:2px 16px;margin-top:6px}
            .button{display:inline-flex;gap:7px;align-items:center;height:28px;padding:0 10px;border:1px solid var(--edge);
            border-radius:5px;background:var(--surface);color:var(--ink);font-weight:500;text-decoration:none}
            .button{white-space:nowrap}
            .button:hover{border-color:var(--ink-2)}
            .push{margin-left:auto}

            .problem{max-width:62ch;padding-top:24px}
            .problem p{margin-top:8px}
            .big{margin-top:16px}
            .big .find{width:min(520px,100%)}
            .keys{grid-column:2;display:flex;flex-wrap:wrap;gap:4px 18px;align-items:center;min-height:30px;padding:4px 24px;
            border-top:1px solid var(--line);font-size:12px;line-height:16px;color:var(--ink-3)}
            .keys[hidden]{display:none}
            .keys button{font:inherit;color:var(--accent);background:none;border:0;padding:0;min-height:24px;cursor:pointer;
            text-decoration:underline;text-underline-offset:3px;margin-left:auto}

            """,
        phone: """
            main{padding:16px 16px 32px;grid-row:2}
            h1{font-size:22px;line-height:30px}
            .button{min-height:44px}.push{margin-left:0}

            """,
        print: """
            main{padding:0}

            """)
}
