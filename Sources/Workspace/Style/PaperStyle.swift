extension StylePiece {
    /// A document beside its explanation.
    static let paper = StylePiece(
        rules: """
            .bleed{margin:12px -24px -36px;border-top:1px solid var(--line);display:grid;
            grid-template-columns:minmax(0,1.12fr) minmax(0,1fr)}
            .desk{background:var(--sunk);padding:22px 24px 36px;border-right:1px solid var(--line)}
            .sheet{background:var(--surface);border:1px solid var(--line);max-width:720px;margin:0 auto;padding:32px 36px 36px;
            box-shadow:0 1px 6px rgb(0 0 0/.06)}
            .sheet header{display:flex;flex-wrap:wrap;gap:16px 32px;justify-content:space-between;margin-bottom:24px}
            .sheet .from{font-weight:600;font-size:15px}
            .sheet address{font-style:normal;line-height:18px;margin-top:14px}
            .sheet .pairs{margin:0}
            .sheet h2{font-size:15px;margin-bottom:8px}
            .sheet table a{color:inherit;text-decoration:none}
            .sheet .sub{color:var(--ink-3);font-size:12px;line-height:16px}
            .why-pane{padding:16px 24px 36px}
            .trace details{border-bottom:1px solid var(--line)}
            .trace details[open]{background:var(--accent-soft);box-shadow:inset 2px 0 0 var(--accent)}
            .trace summary{display:flex;gap:8px;align-items:baseline;padding:8px 4px;cursor:pointer;list-style:none}
            .trace summary::-webkit-details-marker{display:none}
            .trace summary::before{content:"";width:5px;height:5px;margin:0 5px 2px 4px;border:solid var(--ink-2);
            border-width:1.5px 1.5px 0 0;transform:rotate(45deg);flex:none}
            .trace details[open] summary::before{transform:rotate(135deg)}
            .trace summary .n{margin-left:auto;font-weight:500}
            .trace .steps{padding:0 4px 10px 24px}
            .trace .steps li{display:flex;gap:16px;justify-content:space-between;padding:3px 0;color:var(--ink-2);font-size:12px;
            line-height:18px}
            .trace .steps .n{color:var(--ink)}
            .trace .plain{display:flex;gap:8px;align-items:baseline;padding:8px 4px 8px 24px;border-bottom:1px solid var(--line)}
            .trace .plain .n{margin-left:auto}
            .trace .last{border-bottom:3px double var(--line-2);font-weight:600}

            """,
        narrow: """
            .bleed{grid-template-columns:minmax(0,1fr)}
            .desk{border-right:0}
            .why-pane{border-top:1px solid var(--line)}

            """,
        phone: """
            .bleed{margin:16px -16px -32px}
            .desk{padding:12px 8px 20px}.sheet{padding:20px 16px 24px}.why-pane{padding:16px}
            .trace summary{padding:12px 4px}

            """,
        print: """
            .bleed{display:block;margin:8mm 0 0;border:0}
            .desk,.why-pane{padding:0;border:0}
            .sheet{border:0;box-shadow:none;padding:0;max-width:none}
            .why-pane{margin-top:8mm}
            .trace details::details-content{content-visibility:visible;block-size:auto}.trace .steps a{display:none}

            """)
}
