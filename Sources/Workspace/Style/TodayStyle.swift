extension StylePiece {
    /// The worklist and its key figures.
    static let today = StylePiece(
        rules: """
            .strip{display:grid;grid-template-columns:repeat(auto-fit,minmax(210px,1fr));gap:16px 0;margin:14px 0 18px}
            .strip>div{padding:0 18px;border-left:1px solid var(--line);min-width:0}
            .strip>div:first-child{padding-left:0;border:0}
            .strip dt{font-size:12px;line-height:16px;color:var(--ink-2)}
            .strip .key{display:flex;justify-content:space-between;align-items:flex-end;gap:12px;font-size:22px;
            line-height:28px;font-weight:600;letter-spacing:-.02em;white-space:nowrap}
            .strip .unit{font-size:13px;line-height:1;font-weight:500;letter-spacing:0}
            .strip .also{font-weight:500}
            .spark{width:110px;height:26px;flex:0 1 110px;min-width:44px;overflow:visible}
            .spark polyline{fill:none;stroke:var(--ink-2);stroke-width:12;stroke-linejoin:round}
            .spark line{stroke:var(--ink-3);stroke-width:8;stroke-dasharray:8 24}
            .spark circle{fill:var(--accent)}

            .chips{display:flex;gap:20px;border-bottom:1px solid var(--line-2);overflow-x:auto;overflow-y:hidden}
            .chips a{padding:6px 0 7px;color:var(--ink-2);text-decoration:none;white-space:nowrap;border-bottom:2px solid transparent;
            margin-bottom:-1px}
            .chips a:focus-visible{outline-offset:-2px}
            .chips a:hover{color:var(--ink)}
            .chips span{color:var(--ink-3);font-size:12px}
            .chips [aria-current]{color:var(--ink);font-weight:600;border-color:var(--accent)}
            .work>li{display:grid;grid-template:"kind who worth clock next" auto/132px minmax(0,1fr) 150px 126px 170px;gap:0 14px;
            padding:7px 0 7px 12px;border-bottom:1px solid var(--line);align-items:start;min-height:49px;position:relative}
            .work>li:hover,.work>li:focus-within{background:var(--accent-soft)}
            .work>li:focus-within{box-shadow:inset 2px 0 0 var(--accent)}
            .work .kind{grid-area:kind}.work .who{grid-area:who}.work .worth{grid-area:worth;text-align:right;font-weight:500}
            .work .clock{grid-area:clock;font-size:12px;color:var(--ink-2)}
            .work .clock.tone-warn{color:var(--warn)}.work .clock.tone-bad{color:var(--bad)}
            .work .next{grid-area:next;justify-self:end;max-width:100%}
            .work .who a{color:inherit;font-weight:500;text-decoration-color:var(--line-2)}
            .work .who .subject{white-space:nowrap;font-weight:400;color:var(--ink-2);font-size:12px}
            .work .why{color:var(--ink-2);font-size:12px;line-height:16px;max-width:74ch}
            .work code{display:block}
            .next summary{display:inline-flex;align-items:center;min-height:24px;padding:1px 9px;border:1px solid var(--edge);
            border-radius:5px;background:var(--surface);font-weight:500;cursor:pointer;list-style:none;max-width:100%}
            .next summary::-webkit-details-marker{display:none}
            .next summary::after{content:"";width:5px;height:5px;margin:-3px 0 0 8px;border:solid currentColor;
            border-width:0 1.5px 1.5px 0;transform:rotate(45deg);flex:none}
            .next[open] summary::after{transform:rotate(225deg);margin-top:3px}
            .next div{position:absolute;right:0;top:calc(100% - 10px);z-index:3;width:min(520px,100%);padding:12px 14px;
            background:var(--surface);border:1px solid var(--line-2);border-radius:8px;box-shadow:0 6px 24px rgb(0 0 0/.14)}
            .next dt{font-weight:500}.next dd{margin:2px 0 8px}.next dd:last-child{margin-bottom:0}
            .sellers.narrow a{margin-right:16px;padding-block:4px;line-height:32px}.sellers.narrow li{display:inline-block}
            .rest{padding:10px 12px;color:var(--ink-2)}
            .empty{padding:28px 0;max-width:60ch;color:var(--ink-2)}
            .empty p+p{margin-top:8px}

            """,
        narrow: """
            .work>li{grid-template:"kind who worth next" auto "kind who clock next" auto/126px minmax(0,1fr) 132px 150px}
            .work .clock{text-align:right}

            """,
        phone: """
            .today{display:flex;flex-direction:column}
            .today .figures{order:3;margin:24px 0 0}
            .today .figures .strip{margin:0}.today section+section{margin-top:8px}
            .strip{display:flex;flex-wrap:wrap;gap:18px 16px}.strip>div{flex:1 1 150px}
            .strip>div{padding:0;border:0;min-width:auto}
            .strip dt,.strip .hint{font-size:13px}
            .strip .key{flex-direction:column;align-items:stretch;gap:6px}
            .strip .spark{flex:none;width:110px}
            .chips{margin:8px -16px 0;padding:0 16px;gap:24px}.chips a{padding:11px 0}
            .work{margin:0 -16px}
            .work>li{grid-template:"kind clock" auto "who worth" auto "why why" auto "next next" auto/minmax(0,1fr) auto;gap:0 12px;
            padding:12px 16px}
            .work .who{display:contents}
            .work .who .name{grid-area:who}
            .work .why{grid-area:why}
            .work .name{line-height:30px;margin:-4px 0}.work .name a,.work .who .subject{padding-block:3px}
            .work .who .subject{white-space:normal;font-size:14px}
            .work .worth{grid-column:2;grid-row:2}
            .work .next{justify-self:start;margin-top:8px;max-width:none;width:100%}
            .next summary{min-height:44px;padding:0 16px}
            .next div{position:static;width:100%;margin-top:8px;box-shadow:none}

            """,
        print: """
            .strip{grid-template-columns:repeat(4,1fr)}.strip>div{padding:0 8px}.strip .key,.sums dd{font-size:13pt;line-height:17pt}
            .spark{display:none}
            .work>li{grid-template:"kind who worth clock" auto/96px minmax(0,1fr) 110px 96px;break-inside:avoid}

            """)
}
