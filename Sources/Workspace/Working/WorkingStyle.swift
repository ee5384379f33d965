/// How the pages on which work is done look: two panes, lines of the bank, forms, letters, the palette.
enum WorkingStyle {
    static let rules = """
        h2 .hint{font-weight:400}
        .two>div>h3:first-child{margin-top:0}
        td:not(.what) .term{white-space:nowrap}th .second{font-weight:400}.note+section{margin-top:18px}
        h3{margin:14px 0 4px;font-size:13px;line-height:20px;font-weight:600}
        .acts{display:flex;flex-wrap:wrap;gap:8px;align-items:center;margin-top:10px}
        .head .acts{margin-top:0}.head .push{align-self:center}
        button.button{white-space:nowrap;flex:none;font:500 13px/20px Inter,system-ui,sans-serif;font-feature-settings:"tnum";letter-spacing:inherit;cursor:pointer}
        .button.primary{background:var(--accent);border-color:var(--accent);color:var(--accent-ink)}
        .button.primary:hover{border-color:var(--ink)}
        .button.small{height:24px;padding:0 8px;font-size:12px}
        .button kbd{display:none;font-size:11px}.keyed .button kbd{display:inline-block}
        .button.primary kbd{color:inherit;background:none;border-color:currentColor}
        .chips.small{border:0;margin:4px 0 0;gap:16px}.chips.small a{padding:4px 0 5px;font-size:12px}

        .panes{display:grid;grid-template-columns:minmax(320px,440px) minmax(0,1fr);margin:12px -24px -36px;
        border-top:1px solid var(--line)}
        .panes.reading{grid-template-columns:minmax(340px,460px) minmax(0,1fr)}
        .list-pane{padding:14px 24px 36px;border-right:1px solid var(--line);min-width:0}
        .work-pane{padding:14px 24px 36px;min-width:0}
        .work-pane.sunken{background:var(--sunk)}
        .meter{margin-bottom:12px}.meter p{display:flex;justify-content:space-between;gap:12px}.meter .bar{margin:4px 0}
        .fill-good{fill:var(--good)}.fill-warn{fill:var(--warn)}.fill-accent{fill:var(--accent)}.fill-line{fill:var(--line-2)}
        .fill-ink{fill:var(--ink-2)}
        .lines li,.letters li{border-bottom:1px solid var(--line)}
        .lines a{display:grid;grid-template-columns:minmax(0,1fr) auto 92px;gap:0 12px;padding:6px 12px;color:inherit;
        text-decoration:none}
        .lines a>bdi{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
        .lines a:hover,.letters li:hover{background:var(--sunk)}
        .lines [aria-current],.letters [aria-current]{background:var(--accent-soft);box-shadow:inset 2px 0 0 var(--accent)}
        .lines a:focus-visible{outline-offset:-2px}
        .turning{display:flex;gap:16px;align-items:center;padding:8px 0;color:var(--ink-2)}
        .turning a{min-height:24px;line-height:24px}

        .line-head{display:flex;justify-content:space-between;gap:24px;align-items:flex-start}
        .line-head .key{font-size:22px;line-height:28px;font-weight:600;letter-spacing:-.02em}
        .big-name{font-size:15px}
        .bank-text{font:12px/18px ui-monospace,"DejaVu Sans Mono",monospace;letter-spacing:0;margin-top:4px}
        .work-pane>section{margin-top:18px}
        .confidence{display:flex;flex-wrap:wrap;gap:4px 10px;align-items:center;margin-bottom:4px}
        .gauge{width:112px;height:8px}
        .two{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 28px}
        .reasons li{display:flex;gap:8px;padding:5px 0;border-bottom:1px solid var(--line);align-items:flex-start}
        .reasons .icon{margin-top:3px;color:var(--good)}
        .note.accent{border-color:var(--accent)}.note.stopped{border-color:var(--bad)}
        .foot{border-top:1px solid var(--line);padding-top:12px;margin-top:20px}
        .foot-bar{display:flex;flex-wrap:wrap;gap:12px 24px;justify-content:space-between;align-items:flex-end;
        border-top:1px solid var(--line-2);margin-top:14px;padding-top:10px}
        .issue .foot-bar{position:sticky;bottom:0;background:var(--paper);padding-bottom:10px;z-index:2}
        .foot-bar>div:first-child{max-width:70ch}.foot-bar .acts{margin:0}
        .top-bar{border:0;margin:0 0 12px;padding:0;align-items:center;flex-wrap:nowrap}
        .tick{width:52px}.tick input{width:16px;height:16px;margin:2px 0 0;accent-color:var(--accent)}
        .change{white-space:nowrap}
        .swing{width:56px;height:10px;margin-left:8px;vertical-align:-1px}
        .columns{display:block;width:100%;max-width:280px;height:90px;margin:6px 0 10px}
        .columns .rule{stroke:var(--line-2)}

        .inline{display:flex;flex-wrap:wrap;gap:8px;align-items:center;margin:6px 0 8px}
        .field label,.stack label{display:block;font-size:12px;line-height:16px;font-weight:500;margin-bottom:3px}
        .field input,.field select,.inline input,.inline select,input.amount{height:30px;padding:0 8px;font:inherit;color:var(--ink);
        background:var(--surface);border:1px solid var(--edge);border-radius:5px;max-width:100%}
        .field input,.field select{width:100%}
        .field input[type=file]{padding:3px 6px}
        .inline input[type=search]{flex:1 1 220px;min-width:0}
        input.amount{width:120px;text-align:right}
        .field .hint{margin-top:3px}
        .fields{display:grid;grid-template-columns:repeat(auto-fill,minmax(220px,1fr));gap:12px 20px;margin-top:10px;align-items:start}
        .stack{display:grid;gap:10px;margin-top:8px}
        .box{border-top:1px solid var(--line);border-bottom:1px solid var(--line);padding:4px 0 14px;margin:12px 0 18px;max-width:760px}
        .narrow-page{max-width:760px;margin-top:12px}
        .more{margin-top:8px}.more summary{color:var(--accent);cursor:pointer;min-height:24px;line-height:24px}
        .plain-list li{padding:4px 0}.plain-list a{display:inline-block;min-height:24px;line-height:24px}
        .seller{border-top:1px solid var(--line);padding-top:12px}.seller:first-child{border:0;padding:0}
        .plain-table th,.plain-table td{padding:4px 8px 4px 0}

        .level{margin-top:16px}.level h2{display:flex;justify-content:space-between;border-bottom:1px solid var(--line-2);padding-bottom:4px}
        .level .count{color:var(--ink-3);font-weight:400;font-size:12px}
        .letters li{display:grid;grid-template-columns:auto auto minmax(0,1fr) auto;gap:0 8px;padding:5px 10px;align-items:center}
        .letters li>a{padding-block:2px;color:inherit;font-weight:500;text-decoration:none;min-height:24px;line-height:20px}
        .letters li:hover>a{text-decoration:underline}
        .letters input{width:16px;height:16px;margin:0;accent-color:var(--accent)}
        .letters label{font-size:12px;color:var(--ink-3);min-height:24px;line-height:24px}
        .letters.held li{grid-template-columns:auto minmax(0,1fr) auto;align-items:start}.letters .icon{margin-top:4px;color:var(--warn)}
        .letter-head{display:flex;justify-content:space-between;gap:16px;max-width:720px;margin:0 auto 10px}
        .letter-head .turning{padding:0}
        .letter .para{margin:10px 0;max-width:66ch}.letter h3{font-size:15px;margin:0 0 10px}
        .letter .pairs{margin:12px 0}.letter{line-height:20px}
        .letter-why{max-width:720px;margin:18px auto 0}
        .done{display:flex;gap:16px;align-items:center;margin:0 0 12px}.done form{margin:0}
        .progress output{color:var(--ink-2)}

        dialog{color:var(--ink);background:var(--surface);border:1px solid var(--line-2);border-radius:8px;padding:0;
        width:min(680px,calc(100vw - 24px));box-shadow:0 12px 48px rgb(0 0 0/.24);margin:96px auto auto}
        dialog::backdrop{background:rgb(0 0 0/.28)}
        .palette-top{display:flex;gap:10px;align-items:center;padding:0 16px;border-bottom:1px solid var(--line-2)}
        .palette-top input{flex:1;height:48px;border:0;background:none;font:inherit;font-size:15px;color:var(--ink);outline:none;min-width:0}
        .palette-top:focus-within{box-shadow:inset 0 0 0 2px var(--accent);border-radius:8px 8px 0 0}
        .palette-list{max-height:min(60vh,460px);overflow-y:auto;padding:4px 0}
        .palette-list h2{padding:8px 16px 2px;font-size:12px;line-height:16px;font-weight:400;color:var(--ink-3);display:flex;
        justify-content:space-between}
        .palette-list a{display:flex;gap:10px;align-items:center;padding:6px 16px;color:var(--ink);text-decoration:none;min-height:32px}
        .palette-list a[aria-selected=true]{background:var(--accent-soft);box-shadow:inset 2px 0 0 var(--accent)}
        .palette-list .title{font-weight:500;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
        .palette-list .also{color:var(--ink-2);font-size:12px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;flex:1}
        mark{background:var(--mark);color:var(--ink)}
        .palette-foot{display:flex;flex-wrap:wrap;gap:4px 16px;padding:7px 16px;border-top:1px solid var(--line);font-size:12px;color:var(--ink-3)}
        .keys-list{padding:14px 18px 18px;columns:2;column-gap:28px}
        .keys-list p{break-inside:avoid;display:flex;gap:8px;padding:3px 0}
        .keys-list kbd{flex:none;min-width:26px}
        .dialog-head{display:flex;justify-content:space-between;align-items:center;padding:10px 18px;border-bottom:1px solid var(--line)}

        """

    static let phone = """
        @media screen and (max-width:1180px){
        .panes,.panes.reading{grid-template-columns:minmax(0,1fr)}
        .list-pane{border-right:0;border-bottom:1px solid var(--line);padding-bottom:14px}
        .letter-head,.letter-why,.sheet.letter{max-width:none}
        }
        @media screen and (max-width:899px){
        .panes,.panes.reading{margin:12px -16px -32px}.chips.small{margin:4px -16px 0}.head .acts{width:100%}
        .list-pane,.work-pane{padding:12px 16px 24px}
        .lines{margin:0 -16px}.lines a{padding:9px 16px;grid-template-columns:minmax(0,1fr) auto}
        .lines a>.term{grid-column:2;grid-row:2;justify-self:end}.lines a>.second{grid-column:1}
        .lines a>.second.n{grid-row:3;justify-self:start}.lines a>.second:last-child{grid-column:2;grid-row:3;justify-self:end}
        .two{grid-template-columns:minmax(0,1fr)}
        .line-head{flex-wrap:wrap;gap:8px}
        button.button,.button.small{min-height:44px}
        .field input,.field select,.inline input,input.amount{height:44px;font-size:16px}
        .letters{margin:0 -16px}.letters li{padding:10px 16px}.letters input,.tick input{width:22px;height:22px}
        .foot-bar,.top-bar{flex-wrap:wrap}.issue .foot-bar{position:static}
        .sheet.letter{padding:18px 14px}
        .more summary,.plain-list a,.turning a{min-height:44px;line-height:44px}
        .keys-list{columns:1}
        dialog{margin-top:12px}
        }
        @media (prefers-reduced-motion:no-preference){.panes .work-pane{animation:none}}
        @media (forced-colors:active){.fill-good,.fill-accent,.fill-warn{fill:Highlight}.fill-line{fill:GrayText}}

        """

    static let print = """

        @media print{
        form .acts,.foot-bar,.turning,.list-pane,dialog,.more,.inline{display:none!important}
        .panes,.panes.reading{display:block;margin:0;border:0}
        .work-pane{padding:0;background:none}
        }
        """
}
