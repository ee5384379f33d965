extension StylePiece {
    /// The file of a customer: sums, ages, notes, what happened.
    static let file = StylePiece(
        rules: """
            .file{display:grid;grid-template-columns:minmax(0,1fr) 300px;gap:0 24px;margin-top:12px}
            .file>aside{border-left:1px solid var(--line);padding-left:24px}
            section+section{margin-top:22px}
            aside section{border-top:1px solid var(--line);padding-top:12px}
            aside section:first-child{border:0;padding:0}
            aside section+section{margin-top:14px}
            .pairs{display:grid;grid-template-columns:minmax(84px,max-content) minmax(0,1fr);gap:4px 12px;margin-top:4px;font-size:12px;
            line-height:18px}
            .pairs dt{color:var(--ink-3)}
            .pairs a{display:inline-block;min-height:24px;line-height:24px;margin:-3px 0}
            .sums{display:flex;flex-wrap:wrap;gap:10px 40px;margin:6px 0 12px}
            .sums dt{font-size:12px;line-height:16px;color:var(--ink-2)}
            .sums dd{font-size:22px;line-height:28px;font-weight:600;letter-spacing:-.02em}
            .bar{display:block;width:100%;height:8px}
            .age-0{fill:var(--age-0)}.age-1{fill:var(--age-1)}.age-2{fill:var(--age-2)}.age-3{fill:var(--age-3)}
            .age-4{fill:var(--age-4)}
            .ages{margin:6px 0 16px;table-layout:fixed}
            .ages th,.ages td{border:0;padding:0 12px 0 0}
            .ages thead th{font-weight:400;color:var(--ink-2);padding-bottom:2px}
            .ages td{font-weight:500;font-size:12px}
            .ages svg{width:9px;height:9px;margin-right:5px}
            .note{border-left:2px solid var(--line-2);padding:0 0 0 10px;margin-top:8px;font-size:12px;line-height:16px}
            .note p+p{color:var(--ink-2)}
            .note.warned{border-color:var(--warn)}
            .time td{border-color:var(--line)}
            .time td:first-child{white-space:nowrap;color:var(--ink-2)}
            .time .by{color:var(--ink-3);font-size:12px;min-width:72px}

            """,
        narrow: """
            .file{grid-template-columns:minmax(0,1fr)}
            .file>aside{border:0;padding:0;margin-top:22px;display:grid;grid-template-columns:repeat(auto-fit,minmax(240px,1fr));gap:20px 24px}
            aside section,aside section+section{border:0;margin:0;padding:0}

            """,
        phone: """
            .sums{gap:12px 28px}
            .late{white-space:normal}
            .ages,.ages tbody,.ages thead{display:block}
            .ages tr{display:grid;grid-template-columns:1fr}
            .ages{display:grid;grid-template-columns:1fr auto}
            .ages th,.ages td{padding:3px 0}.ages td{text-align:right;font-size:14px;line-height:16px}
            .time tr{display:grid;grid-template-columns:auto 1fr auto;border-bottom:1px solid var(--line)}
            .time thead{display:none}
            .time td{border:0;padding:6px 10px 2px 0}.time td.what{grid-column:1/-1;grid-row:2;padding:0 0 10px}

            """,
        print: """
            .file{display:block}.file>aside{border:0;padding:0;margin-top:8mm;display:grid;grid-template-columns:repeat(3,1fr);gap:6mm}
            aside section,aside section+section{border:0;margin:0;padding:0}.trace summary::before{display:none}

            """)
}
