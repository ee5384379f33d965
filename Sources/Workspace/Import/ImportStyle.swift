/// The pages of imports.
enum ImportStyle {
    static let css = """
        .journey{display:flex;gap:20px;margin:10px 0 18px;border-bottom:1px solid var(--line-2);counter-reset:step}
        .journey li{counter-increment:step;padding:6px 0 7px;color:var(--ink-3);margin-bottom:-1px;border-bottom:2px solid transparent;
        white-space:nowrap}
        .journey li::before{content:counter(step) "\\00a0\\00a0";font-size:12px}
        .journey [aria-current]{color:var(--ink);font-weight:600;border-color:var(--accent)}
        .import-pair{display:grid;grid-template-columns:minmax(0,640px) minmax(240px,320px);gap:0 36px;align-items:start}
        .import-pair aside{border-left:1px solid var(--line);padding-left:24px}
        .import-pair fieldset,.mapping fieldset{border:0;padding:0;margin:0 0 16px;min-width:0}
        .import-pair legend,.mapping legend{font-weight:500;font-size:12px;line-height:16px;padding:0;margin-bottom:4px}
        .kinds li{border-bottom:1px solid var(--line)}
        .kinds label{display:grid;grid-template-columns:20px minmax(120px,170px) minmax(0,1fr);gap:0 8px;padding:5px 0;cursor:pointer;
        align-items:baseline}
        .kinds li:has(:checked){background:var(--accent-soft);box-shadow:inset 2px 0 0 var(--accent)}
        .kinds input{margin:0 0 0 6px;accent-color:var(--accent);position:relative;top:2px}
        .drop label{display:block;font-weight:500;font-size:12px;line-height:16px;margin-bottom:4px}
        .drop input{width:100%;font:inherit;color:var(--ink-2);border:1px dashed var(--edge);border-radius:5px;background:var(--surface);
        padding:22px 16px;margin-bottom:4px}
        .drop input::file-selector-button{font:inherit;font-weight:500;height:28px;padding:0 10px;margin-right:12px;border:1px solid var(--edge);
        border-radius:5px;background:var(--surface);color:var(--ink);cursor:pointer}
        .drop.wrong input{border:2px solid var(--bad)}
        button.button{font:inherit;font-weight:500;cursor:pointer}
        .button.primary{background:var(--accent);border-color:var(--accent);color:var(--accent-ink)}
        .drop{margin-bottom:16px}.templates{margin-top:8px}
        .templates th,.templates td{white-space:nowrap;vertical-align:middle;padding-block:3px}.templates td a{display:inline-block;min-height:24px;line-height:24px;margin:-2px 8px -2px 0}
        .mapping .choices{display:flex;flex-wrap:wrap;gap:0 16px;max-width:880px}
        .mapping .choices .field{flex:1 1 190px;margin-bottom:12px}
        .mapping table select{width:100%;min-width:170px;min-height:30px;padding:3px 8px;font:inherit;color:inherit;background:var(--surface);
        border:1px solid var(--edge);border-radius:5px}
        .mapping tr.wrong select{border:2px solid var(--bad)}
        .mapping tbody th,.mapping tbody td{vertical-align:middle;padding-block:4px}.mapping section{margin-top:20px}
        .mapping .sample{color:var(--ink-2);max-width:220px}.mapping .left-out th,.mapping .left-out .sample{color:var(--ink-3)}
        .mapping p.wrong,.problems .wrong{color:var(--bad)}
        .mapping p.wrong .icon{vertical-align:-2px}
        .constants{display:grid;grid-template-columns:repeat(auto-fill,minmax(240px,1fr));gap:0 16px;max-width:880px;margin-top:8px}
        .mapping details{margin:16px 0 0}.mapping summary{cursor:pointer;min-height:24px;font-weight:500}
        .problems{margin-top:22px}
        .problems td.value{color:var(--ink-2);max-width:240px}
        .outcome{display:flex;flex-wrap:wrap;gap:10px 40px;margin:6px 0 14px}
        .outcome dt{font-size:12px;line-height:16px;color:var(--ink-2)}
        .outcome dd{font-size:22px;line-height:28px;font-weight:600;letter-spacing:-.02em}
        .after{color:var(--ink-2);margin:8px 0 12px;max-width:74ch}
        .buttons+.note{margin-top:16px}
        progress{width:min(420px,100%);height:8px;accent-color:var(--accent)}
        @media screen and (max-width:899px){
        .import-pair{display:block}.import-pair aside{border:0;padding:0;margin-top:28px}
        .journey{gap:14px;overflow-x:auto}.kinds label{grid-template-columns:24px 1fr;padding:10px 0}.kinds label .hint{grid-column:2}
        .drop input::file-selector-button{height:44px}
        .templates td a{min-height:44px;line-height:44px}
        .mapping table,.mapping tbody,.mapping tr,.mapping td,.mapping tbody th{display:block}
        .mapping thead{display:none}.mapping tr{border-bottom:1px solid var(--line);padding:10px 0}
        .mapping tbody td,.mapping tbody th{border:0;padding:0 0 4px;max-width:none}.mapping tbody .sample{display:inline;max-width:none}
        .mapping .sample:not(:empty)+.sample:not(:empty)::before{content:" · "}
        .mapping table select{min-height:44px}.mapping td.sample:empty{display:none}
        .problems table,.problems tbody,.problems tr,.problems td,.problems tbody th{display:block}
        .problems thead{display:none}.problems tr{border-bottom:1px solid var(--line);padding:8px 0}
        .problems td,.problems tbody th{border:0;padding:0 0 2px;max-width:none;min-width:0}
        .problems tbody th,.problems td:nth-child(2),.problems td:nth-child(3){display:inline;padding-right:8px}
        }

        """
}
