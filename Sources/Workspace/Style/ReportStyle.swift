extension StylePiece {
    /// Reports: two clocks, a plot, and the same sum as a table.
    static let report = StylePiece(
        rules: """
            .bar-form~section,.reports+section{margin-top:20px}
            .above-paper{margin-bottom:14px}
            .plot{margin:10px 0 18px;max-width:1000px}
            .figures-table thead svg{width:9px;height:9px;margin-right:5px}
            .plot svg{display:block;width:100%;height:auto;overflow:visible}
            .plot figcaption{font-weight:600;margin-bottom:6px}
            .plot figcaption span{font-weight:400;color:var(--ink-3);font-size:12px;margin-left:10px}
            .plot text{font:11px Inter,system-ui,sans-serif;fill:var(--ink-2);font-feature-settings:"tnum"}
            .plot .dim-text{fill:var(--ink-3)}.plot .strong-text{font-weight:600;fill:var(--ink)}
            .plot .grid{stroke:var(--line)}.plot .axis{stroke:var(--line-2)}
            .plot .subject{fill:var(--accent)}.plot .sum{fill:var(--ink-2)}.plot .minus{fill:var(--age-2)}
            .plot .other{fill:var(--line-2)}
            .plot .curve{fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round}
            .plot .dots{fill:none;stroke:var(--ink-3);stroke-dasharray:2 4}
            .plot .today-line{stroke:var(--bad);stroke-width:1.5}.plot .today-text{fill:var(--bad)}
            .plot .span{fill:var(--accent-soft);stroke:var(--accent);stroke-width:1}
            .plot .span.gone{fill:var(--sunk);stroke:var(--line-2)}
            .plot .span.comes{fill:none;stroke:var(--accent);stroke-dasharray:4 3}
            .steps-plot{max-width:640px}
            .reports{max-width:820px;margin-top:12px;border-top:1px solid var(--line-2)}
            .reports li{display:grid;grid-template-columns:20px 240px minmax(0,1fr);gap:0 8px;padding:9px 0;border-bottom:1px solid var(--line);
            align-items:baseline}
            .reports .icon{color:var(--ink-2);align-self:center}
            .reports a{font-weight:500;padding-block:4px}
            .clock-note{margin-top:14px;max-width:74ch}
            .downloads{display:flex;flex-wrap:wrap;gap:8px}
            .figures-table td a,.figures-table th a{color:inherit;text-decoration-color:var(--line-2)}
            .figures-table td a:hover{text-decoration-color:currentColor}
            .change-plus::before{content:"+"}
            .statement{max-width:820px}
            .statement .fold{color:var(--ink-3);font-size:12px}
            .statement .due-now{display:flex;justify-content:space-between;gap:24px;border-top:1px solid var(--line-2);
            margin-top:16px;padding-top:10px;font-weight:600}
            .statement th:first-child,.statement td:first-child{padding-left:0}

            """,
        narrow: """
            .reports li{grid-template-columns:20px 190px minmax(0,1fr)}

            """,
        phone: """
            .plot{margin:14px 0 18px;overflow-x:auto}.plot svg{min-width:680px}.plot.steps-plot svg{min-width:0}
            .downloads{width:100%}
            .reports li{grid-template-columns:24px minmax(0,1fr)}.reports li p{grid-column:2}
            .reports a{padding-block:9px;display:inline-block}
            .downloads .button{flex:1}

            """,
        print: """
            .plot{max-width:none;break-inside:avoid}.downloads{display:none}

            """)
}
