/// The one style sheet: colours from the tokens, then the rules below. Nothing is styled anywhere else.
enum Stylesheet {
    /// `faces` are the `@font-face` rules of the fonts this machine has.
    static func css(faces: String) -> String {
        faces + ":root{color-scheme:light dark;" + Token.properties(dark: false) + "}"
            + "@media (prefers-color-scheme:dark){:root{" + Token.properties(dark: true) + "}}" + rules
            + WorkingStyle.rules + phone
            + WorkingStyle.phone + print + WorkingStyle.print
    }

    private static let rules = """
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

        main{padding:18px 24px 36px;min-width:0}
        main:focus{outline:none}
        .head{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline}
        .head p{color:var(--ink-2)}
        .standing{display:flex;flex-wrap:wrap;gap:2px 16px;margin-top:6px}
        .button{display:inline-flex;gap:7px;align-items:center;height:28px;padding:0 10px;border:1px solid var(--edge);
        border-radius:5px;background:var(--surface);color:var(--ink);font-weight:500;text-decoration:none}
        .button:hover{border-color:var(--ink-2)}
        .push{margin-left:auto}

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

        .problem{max-width:62ch;padding-top:24px}
        .problem p{margin-top:8px}
        .big{margin-top:16px}
        .big .find{width:min(520px,100%)}
        .keys{grid-column:2;display:flex;flex-wrap:wrap;gap:4px 18px;align-items:center;min-height:30px;padding:4px 24px;
        border-top:1px solid var(--line);font-size:12px;line-height:16px;color:var(--ink-3)}
        .keys[hidden]{display:none}
        .keys button{font:inherit;color:var(--accent);background:none;border:0;padding:0;min-height:24px;cursor:pointer;
        text-decoration:underline;text-underline-offset:3px;margin-left:auto}

        """

    private static let phone = """
        @media screen and (max-width:1180px){
        .work>li{grid-template:"kind who worth next" auto "kind who clock next" auto/126px minmax(0,1fr) 132px 150px}
        .work .clock{text-align:right}
        .file{grid-template-columns:minmax(0,1fr)}
        .file>aside{border:0;padding:0;margin-top:22px;display:grid;grid-template-columns:repeat(auto-fit,minmax(240px,1fr));gap:20px 24px}
        aside section,aside section+section{border:0;margin:0;padding:0}
        .bleed{grid-template-columns:minmax(0,1fr)}
        .desk{border-right:0}
        .why-pane{border-top:1px solid var(--line)}
        }
        @media screen and (max-width:899px){
        html{scroll-padding-bottom:68px}
        body{font-size:15px;line-height:22px;grid-template:auto 1fr auto auto/minmax(0,1fr);min-height:100dvh}
        .top{grid-row:1;height:52px;padding:0 16px;gap:12px}
        .top .find{width:100%;max-width:none}
        .find input{height:44px;font-size:16px;padding-right:12px}.find .icon{top:15px}.find kbd,.crumbs,.keys{display:none}
        .top{height:60px}.top:not(:has(form)){display:none}
        main{padding:16px 16px 32px;grid-row:2}
        .rail{grid-row:4;position:sticky;bottom:0;z-index:4;border:0;border-top:1px solid var(--line-2);padding:0;
        background:var(--surface)}
        .rail .brand{display:none}
        .rail{flex-direction:row}
        .rail .who{flex:1;display:grid;place-items:center;border:0;margin:0;padding:0}
        .rail .who>p,.rail .who>ul{display:none}
        .rail .who>a{display:grid;place-items:center;min-width:72px;min-height:52px;color:var(--ink-2);text-decoration:none}
        .rail .places{display:flex;flex:2}.rail .places li{flex:1}
        .rail .places li a{flex-direction:column;gap:2px;height:52px;justify-content:center;font-size:12px;line-height:16px;
        border-radius:0;padding:0;background:none}
        .rail .places .count{display:none}
        .rail .places .icon{width:16px;height:16px}
        .rail .places [aria-current]{color:var(--accent)}
        h1{font-size:22px;line-height:30px}
        .second,.hint,.work .why,.work .clock,.pairs,.note{font-size:14px;line-height:20px}
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
        .wide{display:none}.narrow{display:block}
        th .narrow,td .narrow{font-size:13px;line-height:18px;color:var(--ink-2)}
        th,td{padding:9px 10px 9px 0}
        .sums{gap:12px 28px}
        .ages,.ages tbody,.ages thead{display:block}
        .ages tr{display:grid;grid-template-columns:1fr}
        .ages{display:grid;grid-template-columns:1fr auto}
        .ages th,.ages td{padding:3px 0}.ages td{text-align:right;font-size:14px;line-height:16px}
        .bleed{margin:16px -16px -32px}
        .desk{padding:12px 8px 20px}.sheet{padding:20px 16px 24px}.why-pane{padding:16px}
        .button{min-height:44px}.push{margin-left:0}
        .trace summary{padding:12px 4px}
        .time tr{display:grid;grid-template-columns:auto 1fr auto;border-bottom:1px solid var(--line)}
        .time thead{display:none}
        .time td{border:0;padding:6px 10px 2px 0}.time td.what{grid-column:1/-1;grid-row:2;padding:0 0 10px}
        }
        @media (prefers-reduced-motion:no-preference){.skip{transition:top 120ms ease-out}}
        @media (forced-colors:active){.spark polyline{stroke:CanvasText}.spark circle{fill:Highlight}
        .bar rect,.ages rect{stroke:CanvasText;stroke-width:1;vector-effect:non-scaling-stroke}}

        """

    private static let print = """
        @media print{
        .scroll{overflow:visible}
        @page{margin:18mm 16mm 16mm}
        :root{--paper:#fff;--surface:#fff;--sunk:#fff;--accent-soft:#fff;--ink:#000;--ink-2:#222;--ink-3:#444;--line:#bbb;
        --line-2:#666;--accent:#000;--good:#000;--warn:#000;--bad:#000;--age-0:#ddd;--age-1:#bbb;--age-2:#999;--age-3:#666;
        --age-4:#222}
        body{display:block;font-size:9.2pt;line-height:13pt}
        .strip{grid-template-columns:repeat(4,1fr)}.strip>div{padding:0 8px}.strip .key,.sums dd{font-size:13pt;line-height:17pt}
        .spark{display:none}
        .rail,.top,.keys,.skip,.chips,.next,.button{display:none!important}
        main{padding:0}
        a{color:inherit;text-decoration:none}
        .work>li{grid-template:"kind who worth clock" auto/96px minmax(0,1fr) 110px 96px;break-inside:avoid}
        .file{display:block}.file>aside{border:0;padding:0;margin-top:8mm;display:grid;grid-template-columns:repeat(3,1fr);gap:6mm}
        aside section,aside section+section{border:0;margin:0;padding:0}.trace summary::before{display:none}
        .bleed{display:block;margin:8mm 0 0;border:0}
        .desk,.why-pane{padding:0;border:0}
        .sheet{border:0;box-shadow:none;padding:0;max-width:none}
        .why-pane{margin-top:8mm}
        .trace details::details-content{content-visibility:visible;block-size:auto}.trace .steps a{display:none}
        tr,section>h2,.note,.trace details{break-inside:avoid}
        thead{display:table-header-group}
        }
        """
}
