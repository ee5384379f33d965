extension StylePiece {
    /// Rail, top bar, search, keys: what stands around every page.
    static let frame = StylePiece(
        rules: """
            .rail{grid-row:1/-1;border-right:1px solid var(--line);display:flex;flex-direction:column;padding:9px}
            .rail .brand{font:600 18px/28px Inter,system-ui,sans-serif;letter-spacing:-.02em;color:var(--ink);
            text-decoration:none;padding:0 10px;margin-bottom:9px}
            .rail .brand::after{content:"";display:inline-block;width:6px;height:6px;border-radius:3px;
            background:var(--accent);margin-left:3px}
            .rail li a{display:flex;gap:9px;align-items:center;height:31px;padding:0 10px;border-radius:5px;
            color:var(--ink-2);text-decoration:none}
            .rail li a:hover{background:var(--sunk)}
            .rail li .icon{color:var(--ink-2)}
            .rail [aria-current]{background:var(--accent-soft);color:var(--ink);font-weight:600}
            .rail [aria-current] .icon{color:var(--accent)}
            .rail .count{margin-left:auto;font-size:12px;color:var(--ink-3);font-weight:400}
            .rail .who{margin-top:auto;border-top:1px solid var(--line);padding:10px 10px 4px;font-size:12px;line-height:18px}
            .rail .who a{display:inline-block;min-height:24px;line-height:24px}
            .rail .sellers li{padding:2px 0}
            .rail .sellers li a{display:inline-block;height:auto;line-height:18px;padding:3px 0;color:var(--accent);text-decoration:underline}
            .rail .sellers li a:hover{background:none}
            .rail .sellers [aria-current]{background:none;color:var(--ink);text-decoration:none}

            .top{display:flex;align-items:center;gap:24px;padding:0 24px;border-bottom:1px solid var(--line)}
            .crumbs{color:var(--ink-2);font-size:12px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;flex:1}
            .crumbs a{color:inherit;display:inline-block}
            .find{position:relative;width:min(340px,50%)}
            .find .icon{position:absolute;left:11px;top:8px;color:var(--ink-3)}
            .find input{width:100%;height:30px;padding:0 34px 0 32px;font:inherit;color:var(--ink);
            background:var(--surface);border:1px solid var(--edge);border-radius:5px}
            .find input::placeholder{color:var(--ink-3);opacity:1}
            .find kbd{position:absolute;right:7px;top:6px}
            kbd{display:inline-block;min-width:18px;padding:0 4px;font:11px/16px Inter,system-ui,sans-serif;text-align:center;
            color:var(--ink-2);border:1px solid var(--line-2);border-radius:3px;background:var(--surface)}
            .rail .more{display:none}
            .rail .leave{margin:0}
            .leave button{font:inherit;color:var(--accent);background:none;border:0;padding:0;min-height:24px;cursor:pointer;
            text-decoration:underline;text-underline-offset:3px}
            .doors{max-width:640px;margin-top:12px;border-top:1px solid var(--line)}
            .doors li{border-bottom:1px solid var(--line)}
            .doors a{display:flex;gap:12px;align-items:center;min-height:36px;color:var(--ink);text-decoration:none;font-weight:500}
            .doors a:hover{background:var(--accent-soft)}
            .doors .icon{color:var(--ink-2)}
            .doors-foot{margin-top:18px;display:flex;flex-wrap:wrap;gap:6px 24px;align-items:center}
            .doors-foot a{line-height:24px}

            """,
        phone: """
            .doors a{min-height:52px}
            .top{grid-row:1;height:52px;padding:0 16px;gap:12px}
            .top .find{width:100%;max-width:none}
            .find input{height:44px;font-size:16px;padding-right:12px}.find .icon{top:15px}.find kbd,.crumbs,.keys{display:none}
            .top{height:60px}.top:not(:has(form)){display:none}
            .rail{grid-row:4;position:sticky;bottom:0;z-index:4;border:0;border-top:1px solid var(--line-2);padding:0;
            background:var(--surface)}
            .rail .brand{display:none}
            .rail{flex-direction:row}
            .rail .who,.rail .far{display:none}.rail .more{display:block}
            .rail .places{display:flex;flex:1}.rail .places li{flex:1;min-width:0}
            .rail .places li a{flex-direction:column;gap:2px;height:52px;justify-content:center;font-size:12px;line-height:16px;
            border-radius:0;padding:0;background:none}
            .rail .places .count{display:none}
            .rail .places .icon{width:16px;height:16px}
            .rail .places [aria-current]{color:var(--accent)}

            """,
        print: """
            .rail,.top,.keys,.skip,.chips,.next,.button{display:none!important}

            """)
}
