/// The little script on top: finding, moving, selecting, going to places. Pages work without it. Single letters can be switched off
/// (WCAG 2.1.4); the choice stays in the browser.
enum Script {
    static let source = """
        "use strict";
        (() => {
          const bar = document.querySelector(".keys");
          if (!bar) return;
          const german = document.documentElement.lang === "de";
          const say = (english, deutsch) => german ? deutsch : english;
          const all = (what, where) => [...(where || document).querySelectorAll(what)];
          const make = (tag, look, text) => {
            const made = document.createElement(tag);
            if (look) made.className = look;
            if (text !== undefined) made.textContent = text;
            return made;
          };
        \(ScriptPieces.switching)
        \(ScriptPieces.moving)
        \(ScriptPieces.selecting)
        \(ScriptPalette.source)
        \(ScriptPieces.help)
        \(ScriptPieces.progress)
        \(ScriptPieces.hearing)
        })();

        """
}

/// The pieces of the script; each may use what stands above it.
enum ScriptPieces {
    /// Single letters on and off; the bar at the foot shows the page's own keys.
    static let switching = """
          const off = "duly-keys-off";
          let silent = false;
          try { silent = localStorage.getItem(off) === "1"; } catch (_) {}
          const button = bar.querySelector("button");
          const list = bar.querySelector(".list");
          const keyed = () => all("[data-key]").filter((e) => e.offsetParent);
          const naming = (e) => {
            if (e.getAttribute("placeholder")) return e.getAttribute("placeholder");
            const copy = e.cloneNode(true);
            for (const key of all("kbd", copy)) key.remove();
            return copy.textContent.trim();
          };
          const show = () => {
            bar.hidden = false;
            list.hidden = silent;
            document.documentElement.classList.toggle("keyed", !silent);
            button.textContent = silent ? button.dataset.on : button.dataset.off;
          };
          list.replaceChildren();
          for (const [key, words] of [["/", say("find", "suchen")], ["j k", say("move", "bewegen")], ["g", say("go to", "gehe zu")]])
            list.append(make("kbd", "", key), " " + words + " \\u2002");
          const shown = new Set();
          for (const one of keyed()) {
            if (shown.has(one.dataset.key) || shown.size > 7) continue;
            shown.add(one.dataset.key);
            list.append(make("kbd", "", one.dataset.key), " " + naming(one) + " \\u2002");
          }
          list.append(make("kbd", "", "?"), " " + say("all keys", "alle Tasten"));
          button.addEventListener("click", () => {
            silent = !silent;
            try { localStorage.setItem(off, silent ? "1" : "0"); } catch (_) {}
            show();
          });
          show();
        """

    /// `j` and `k` over the rows, `[` and `]` over records.
    static let moving = """
          const rows = () => all("[data-row]").filter((e) => e.offsetParent);
          const move = (step) => {
            const lines = rows();
            let now = lines.indexOf(document.activeElement);
            if (now < 0) now = lines.findIndex((e) => e.closest("[aria-current]"));
            const next = lines[Math.max(0, Math.min(lines.length - 1,
              now < 0 ? (step > 0 ? 0 : lines.length - 1) : now + step))];
            if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
          };
          const follow = (rel) => { 
            const of = "a[rel=" + rel + "]";
            const link = document.querySelector(of + "[data-record]") || document.querySelector(of);
            if (link) link.click();
          };
        """

    /// `x` ticks the line one is on; what is ticked is counted.
    static let selecting = """
          const tick = () => {
            const line = document.activeElement && document.activeElement.closest("tr,li");
            const box = line && line.querySelector("input[type=checkbox]");
            if (box) box.click();
          };
          const count = (form) => {
            const told = form.querySelector("[data-selected]");
            if (!told) return;
            const sums = {};
            const boxes = all("input[type=checkbox]:checked", form);
            for (const box of boxes) {
              const decimals = (box.dataset.amount.split(".")[1] || "").length;
              const sum = sums[box.dataset.currency] || (sums[box.dataset.currency] = { minor: 0n, decimals });
              sum.minor += BigInt(box.dataset.amount.replace(".", ""));
            }
            const figure = (sum) => {
              const negative = sum.minor < 0n;
              const digits = String(negative ? -sum.minor : sum.minor).padStart(sum.decimals + 1, "0");
              const whole = digits.slice(0, digits.length - sum.decimals);
              const grouped = whole.replace(/\\B(?=(\\d{3})+$)/g, german ? "." : ",");
              return (negative ? "\\u2212" : "") + grouped
                + (sum.decimals ? (german ? "," : ".") + digits.slice(-sum.decimals) : "");
            };
            const parts = Object.keys(sums).sort().map((code) => figure(sums[code]) + "\\u00a0" + code);
            told.textContent = boxes.length + " " + told.dataset.words + (parts.length ? ", " + parts.join(" + ") : "");
          };
          for (const form of all("form")) {
            if (!form.querySelector("[data-selected]")) continue;
            count(form);
            form.addEventListener("change", () => {
              count(form);
              for (const range of all("[data-range]", form)) range.hidden = true;
            });
          }
        """

    /// `?`: the keys of this page and those that work everywhere.
    static let help = """
          const everywhere = [
            ["/", say("find anything", "alles finden")], ["j k", say("next line, line before", "nächste Zeile, vorige Zeile")],
            ["↵", say("open or do", "öffnen oder tun")], ["x", say("select the line", "Zeile wählen")],
            ["u", say("undo", "rückgängig")], ["[ ]", say("record before, next record", "voriger, nächster Datensatz")],
            ["p", say("print", "drucken")], ["y", say("copy the link", "Link kopieren")],
            ["Esc", say("close, leave the field", "schließen, Feld verlassen")],
          ];
          const places = "tcpbmadsrx";
          const dialog = (title) => {
            const made = make("dialog");
            made.setAttribute("aria-label", title);
            made.addEventListener("close", () => made.remove());
            made.addEventListener("click", (event) => { if (event.target === made) made.close(); });
            document.body.append(made);
            return made;
          };
          const help = () => {
            const box = dialog(say("Keys", "Tasten"));
            const head = make("div", "dialog-head");
            const close = make("button", "button small", say("Close", "Schließen"));
            close.type = "button";
            close.addEventListener("click", () => box.close());
            head.append(make("h2", "", say("Keys of this page", "Tasten dieser Seite")), close);
            const body = make("div", "keys-list");
            const add = (key, words) => {
              const line = make("p");
              line.append(make("kbd", "", key), make("span", "", words));
              body.append(line);
            };
            for (const one of keyed()) add(one.dataset.key, naming(one));
            for (const [key, words] of everywhere) add(key, words);
            all(".rail .places a").forEach((link, place) => {
              if (places[place]) add("g " + places[place], link.querySelector("span").textContent);
            });
            box.append(head, body);
            box.showModal();
          };
        """

    /// A form whose work is long says how far it is, where the server tells.
    static let progress = """
          for (const form of all("[data-progress] form")) {
            form.addEventListener("submit", () => {
              const id = form.querySelector("input[name=_id]");
              const told = make("output", "hint", say("Under way …", "Läuft …"));
              form.append(told);
              if (!id || !id.value) return;
              const ask = async () => {
                try {
                  const answer = await fetch("/api/jobs/" + encodeURIComponent(id.value));
                  if (!answer.ok) return;
                  const job = await answer.json();
                  if (job.of) told.textContent = job.done + say(" of ", " von ") + job.of;
                  if (!job.ended) setTimeout(ask, 700);
                } catch (_) {}
              };
              setTimeout(ask, 700);
            });
          }
        """

    /// What a key means. Letters mean nothing while one types.
    static let hearing = """
          const first = document.querySelector("[data-focus]");
          if (first && !location.hash && document.activeElement === document.body && matchMedia("(min-width:900px)").matches)
            first.focus({ preventScroll: true });
          let going = 0;
          const press = (key) => {
            const target = keyed().find((e) => e.dataset.key === key);
            if (!target) return false;
            if (target.matches("input:not([type=checkbox]),select,textarea")) { target.focus(); if (target.select) target.select(); }
            else target.click();
            return true;
          };
          const copy = async () => {
            try { await navigator.clipboard.writeText(location.href); } catch (_) { return; }
            const told = make("p", "sr", say("Link copied", "Link kopiert"));
            told.setAttribute("role", "status");
            document.body.append(told);
          };
          const leave = () => {
            const open = document.activeElement && document.activeElement.closest("details[open]");
            if (open) { open.open = false; open.querySelector("summary").focus(); }
            else if (document.activeElement && document.activeElement.matches("input,select,textarea")) document.activeElement.blur();
          };
          document.addEventListener("keydown", (event) => {
            if (event.defaultPrevented) return;
            if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); palette(); return; }
            if (document.querySelector("dialog[open]")) return;
            if (event.key === "Escape") { leave(); return; }
            if (silent || event.ctrlKey || event.metaKey || event.altKey) return;
            if (event.target.closest("input:not([type=checkbox]),textarea,select")) return;
            if (Date.now() - going < 1500) {
              going = 0;
              const place = places.indexOf(event.key);
              const link = place < 0 ? null : all(".rail .places a")[place];
              if (link) { event.preventDefault(); location.href = link.href; return; }
            }
            switch (event.key) {
              case "/": event.preventDefault(); palette(); return;
              case "?": help(); return;
              case "g": going = Date.now(); return;
              case "j": move(1); return;
              case "k": move(-1); return;
              case "[": follow("prev"); return;
              case "]": follow("next"); return;
            }
            if (event.key.length === 1 && press(event.key)) { event.preventDefault(); return; }
            switch (event.key) {
              case "x": tick(); return;
              case "p": window.print(); return;
              case "y": copy(); return;
            }
          });
          document.addEventListener("click", (event) => {
            for (const open of all(".next[open]")) if (!open.contains(event.target)) open.open = false;
          });
        """
}
