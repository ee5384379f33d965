extension StylePiece {
    /// Tables with figures, their heads and sums.
    static let table = StylePiece(
        rules: """
            .scroll{overflow-x:auto}
            table{width:100%;border-collapse:collapse}
            caption{text-align:left;font-weight:600;padding:0 0 6px}
            th,td{padding:6px 12px 6px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);font-weight:400}
            th:last-child,td:last-child{padding-right:0}
            thead th{color:var(--ink-3);font-size:12px;line-height:16px;border-color:var(--line-2);vertical-align:bottom}
            th.n,td.n{text-align:right}
            tbody th{font-weight:500}
            tfoot th,tfoot td{border:0;font-weight:400}
            tfoot tr:first-child>*{border-top:1px solid var(--line-2)}
            tfoot .total>*{font-weight:600}
            td.sum{border-bottom:3px double var(--line-2)!important}
            tr:target,tr:target>*,tr:target .sub{background:var(--mark);color:var(--ink)}
            .narrow{display:none}

            """,
        phone: """
            .wide{display:none}.narrow{display:block}
            th .narrow,td .narrow{font-size:13px;line-height:18px;color:var(--ink-2)}
            th,td{padding:9px 10px 9px 0}

            """,
        print: """
            .scroll{overflow:visible}
            tr,section>h2,.note,.trace details{break-inside:avoid}
            thead{display:table-header-group}tfoot{display:table-row-group}

            """)
}
