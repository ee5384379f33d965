extension StylePiece {
    /// Long lists: filters above, one scale for all bars, sort arrows in the heads, what is shown and all at the foot.
    static let list = StylePiece(
        rules: """
            .filters{display:flex;flex-wrap:wrap;gap:6px 8px;align-items:center;margin:12px 0 6px}
            .filters>ul{display:flex;flex-wrap:wrap;gap:6px}
            .filters a{display:inline-flex;gap:6px;align-items:center;height:28px;padding:0 10px;border:1px solid var(--line-2);
            border-radius:14px;color:var(--ink-2);text-decoration:none;white-space:nowrap}
            .filters a:hover{border-color:var(--edge);color:var(--ink)}
            .filters a span{color:var(--ink-3);font-size:12px}
            .filters [aria-current]{background:var(--accent-soft);border-color:var(--accent);color:var(--ink);font-weight:500}
            .filters .gap{width:1px;height:18px;background:var(--line-2)}
            .legend{display:flex;flex-wrap:wrap;gap:2px 14px;font-size:12px;line-height:16px;color:var(--ink-2);margin-left:auto}
            .legend svg{width:9px;height:9px;margin-right:5px}
            .tall td,.tall th{padding:5px 12px 5px 0;vertical-align:middle}
            .tall thead th{vertical-align:bottom;white-space:nowrap}
            .tall tbody tr:hover>*,.tall tbody tr:focus-within>*{background:var(--accent-soft)}
            .tall tbody tr:focus-within>:first-child{box-shadow:inset 2px 0 0 var(--accent)}
            .tall tbody th{padding-left:8px}.tall thead th:first-child,.tall tfoot th:first-child{padding-left:8px}
            .tall tbody th a{color:inherit;text-decoration-color:transparent}.tall tbody th a:hover{text-decoration-color:currentColor}
            thead th a{color:inherit;text-decoration:none;white-space:nowrap}thead th a:hover{color:var(--ink)}
            thead th[aria-sort] a{color:var(--ink);font-weight:500}
            .tall .term{align-items:center}.tall .term .icon{margin-top:0}
            .ageing-bar{width:150px;padding-right:16px!important}
            .ageing-bar svg,.limit-bar{display:block;width:150px;height:8px}
            .past{color:var(--bad);font-weight:600}
            .dim{color:var(--ink-3)}
            tfoot .all>*{color:var(--ink-2);font-weight:500}
            .pager{display:flex;gap:16px;margin-top:12px}
            .pager a{padding-block:4px}
            .limit{margin-top:4px;font-size:12px;line-height:18px}
            .limit h2+p{display:flex;justify-content:space-between;gap:12px}
            .limit svg{display:block;width:100%;height:6px;margin:4px 0}
            .limit .ground{fill:var(--line)}.limit .used{fill:var(--ink-2)}.limit .used.over{fill:var(--bad)}
            .habit{display:block;width:100%;height:auto;margin-top:6px}
            .habit circle{fill:var(--ink-2)}.habit .late{fill:var(--warn)}.habit .bad{fill:var(--bad)}
            .habit line{stroke:var(--line-2)}.habit text{font:11px Inter,system-ui,sans-serif;fill:var(--ink-3)}

            """,
        phone: """
            .filters{margin:10px -16px 6px;padding:0 16px 4px;flex-wrap:nowrap;overflow-x:auto}
            .filters>ul{flex-wrap:nowrap}
            .filters a{height:44px;border-radius:22px;padding:0 14px}
            .legend{display:none}
            .tall td,.tall th{padding:9px 10px 9px 0}.tall tbody th{padding-left:0}
            .tall thead th:first-child,.tall tfoot th:first-child{padding-left:0}
            .pager a{min-height:44px;line-height:36px}
            .bar-narrow svg{display:block;width:100%;height:8px;margin-top:4px}

            """,
        print: """
            .filters,.pager{display:none}

            """)
}
