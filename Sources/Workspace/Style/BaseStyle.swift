extension StylePiece {
    /// Colours, type, words, and what every page is made of.
    static let base = StylePiece(
        rules: """
            *,::before,::after{box-sizing:border-box}
            html{background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%}
            body{margin:0;font:400 13px/20px Inter,system-ui,"Noto Sans",sans-serif;letter-spacing:-.006em;
            font-feature-settings:"tnum";font-variant-numeric:tabular-nums;overflow-wrap:anywhere;
            display:grid;min-height:100vh;grid-template:44px 1fr auto/196px minmax(0,1fr)}
            a{color:var(--accent);text-underline-offset:3px;text-decoration-thickness:1px;
            text-decoration-color:color-mix(in srgb,currentColor 45%,transparent)}
            a:hover{text-decoration-color:currentColor}
            :focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
            h1,h2,p,dl,dd,ol,ul,table,figure{margin:0;padding:0}
            ol,ul{list-style:none}
            h1{font:600 20px/28px Inter,system-ui,sans-serif;letter-spacing:-.012em}
            h2{font-size:13px;line-height:20px;font-weight:600}
            bdi{unicode-bidi:isolate}
            code{font:12px/18px ui-monospace,"DejaVu Sans Mono",monospace;letter-spacing:0;overflow-wrap:anywhere}
            .sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
            .skip{position:absolute;left:8px;top:-60px;z-index:9;padding:8px 12px;background:var(--surface)}
            .skip:focus{top:8px}
            .icon{width:14px;height:14px;flex:none;fill:none;stroke:currentColor;stroke-width:1.5;stroke-linejoin:round;
            stroke-linecap:round;vertical-align:-2px}
            .term{display:inline-flex;gap:6px;align-items:flex-start}.term .icon{margin-top:3px;color:var(--ink-2)}
            .good .icon,.tone-good{color:var(--good)}.accent .icon{color:var(--accent)}
            .warn .icon,.tone-warn{color:var(--warn)}.bad .icon,.tone-bad{color:var(--bad)}
            .late,time{white-space:nowrap}
            .name a,.head p a,.crumbs a,th a,td a,.steps a{padding-block:4px}.name .subject{padding-block:5px}
            .short{white-space:nowrap}thead th{overflow-wrap:normal}tbody th,tfoot th{min-width:108px}.time .what{min-width:160px}
            .second{color:var(--ink-2);font-size:12px;line-height:16px}
            .hint{color:var(--ink-3);font-size:12px;line-height:16px}
            .n{text-align:right;white-space:nowrap}
            .strong{font-weight:500}.total{font-weight:600}
            .none{color:var(--ink-3)}

            """,
        phone: """
            html{scroll-padding-bottom:68px}
            body{font-size:15px;line-height:22px;grid-template:auto 1fr auto auto/minmax(0,1fr);min-height:100dvh}
            .second,.hint,.work .why,.work .clock,.pairs,.note{font-size:14px;line-height:20px}

            """,
        print: """
            @page{margin:18mm 16mm 16mm}
            :root{--paper:#fff;--surface:#fff;--sunk:#fff;--accent-soft:#fff;--ink:#000;--ink-2:#222;--ink-3:#444;--line:#bbb;
            --line-2:#666;--accent:#000;--good:#000;--warn:#000;--bad:#000;--age-0:#ddd;--age-1:#bbb;--age-2:#999;--age-3:#666;
            --age-4:#222}
            body{display:block;font-size:9.2pt;line-height:13pt}
            a{color:inherit;text-decoration:none}

            """,
        last: """
            @media (prefers-reduced-motion:no-preference){.skip{transition:top 120ms ease-out}}
            @media (forced-colors:active){.spark polyline{stroke:CanvasText}.spark circle{fill:Highlight}
            .bar rect,.ages rect{stroke:CanvasText;stroke-width:1;vector-effect:non-scaling-stroke}}

            """)
}
