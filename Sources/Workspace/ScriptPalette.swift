/// Finding anything from the keyboard: `/` or Ctrl-K. Without the script the field leads to the page of results.
enum ScriptPalette {
    static let source = """
          const address = (path, name, seller) => {
            const encoded = encodeURIComponent(name).replace(/\\.(pdf|json)$/i, "%2E$1");
            const plain = name === "." || name === ".." || name === "";
            return path + (plain ? "?name=" + encoded + "&" : "/" + encoded + "?")
              + (seller ? "seller=" + encodeURIComponent(seller) : "") + (german ? "&lang=de" : "");
          };
          const money = (amount) => {
            if (!amount) return "";
            const negative = amount.amount.startsWith("-");
            const [whole, part] = amount.amount.replace("-", "").split(".");
            const grouped = whole.replace(/\\B(?=(\\d{3})+$)/g, german ? "." : ",");
            return (negative ? "\\u2212" : "") + grouped + (part ? (german ? "," : ".") + part : "") + "\\u00a0" + amount.currency;
          };
          const marked = (text, query) => {
            const made = make("span", "title");
            const at = query ? text.toLowerCase().indexOf(query.toLowerCase()) : -1;
            if (at < 0) { made.textContent = text; return made; }
            made.append(text.slice(0, at), make("mark", "", text.slice(at, at + query.length)), text.slice(at + query.length));
            return made;
          };
          const groups = (found) => [
            [say("Money in", "Zahlungen"), (found.receipts || []).map((r) => ({
              title: (r.payer || r.payment || r.receipt), also: [r.day, r.text].filter(Boolean).join(", "),
              amount: money(r.amount), href: "/money?receipt=" + r.receipt + (german ? "&lang=de" : "") }))],
            [say("Invoices", "Rechnungen"), (found.invoices || []).map((i) => ({
              title: i.invoice_no, also: [i.customer_name, i.issue_day].filter(Boolean).join(", "),
              amount: money({ amount: i.open, currency: i.currency }), href: address("/invoices", i.invoice_no, i.seller) }))],
            [say("Customers", "Kunden"), (found.customers || []).map((c) => ({
              title: c.name, also: [c.number, c.place].filter(Boolean).join(", "),
              amount: (c.open || []).map(money).join(" + "), href: address("/customers", c.number, c.seller) }))],
            [say("Do", "Tun"), (found.doing || []).map((d) => ({
              title: d.label, also: d.also || "", amount: "", href: d.path + (german ? (d.path.includes("?") ? "&" : "?") + "lang=de" : "") }))],
          ];
          const palette = () => {
            if (document.querySelector("dialog[open]")) return;
            const box = dialog(say("Find", "Suchen"));
            const top = make("div", "palette-top");
            const input = make("input");
            input.type = "text";
            input.inputMode = "search";
            input.autocomplete = "off";
            input.spellcheck = false;
            input.placeholder = say("Customer, invoice number, amount, bank text", "Kunde, Rechnungsnummer, Betrag, Banktext");
            input.setAttribute("aria-label", input.placeholder);
            input.setAttribute("role", "combobox");
            input.setAttribute("aria-expanded", "true");
            input.setAttribute("aria-controls", "palette-list");
            const understood = make("span", "hint");
            understood.setAttribute("role", "status");
            top.append(input, understood, make("kbd", "", "esc"));
            const listing = make("div", "palette-list");
            listing.id = "palette-list";
            listing.setAttribute("role", "listbox");
            listing.setAttribute("aria-label", say("Found", "Gefunden"));
            const foot = make("div", "palette-foot");
            const total = make("span", "push");
            foot.append(make("span", "", say("↑ ↓ move", "↑ ↓ bewegen")), make("span", "", say("↵ open", "↵ öffnen")), total);
            box.append(top, listing, foot);
            let links = [], chosen = 0, asked = 0, timer = 0;
            const choose = (place) => {
              chosen = Math.max(0, Math.min(links.length - 1, place));
              links.forEach((link, index) => link.setAttribute("aria-selected", index === chosen ? "true" : "false"));
              if (links[chosen]) {
                links[chosen].scrollIntoView({ block: "nearest" });
                input.setAttribute("aria-activedescendant", links[chosen].id);
              } else input.removeAttribute("aria-activedescendant");
            };
            const draw = (found, query, took) => {
              listing.replaceChildren();
              links = [];
              understood.textContent = found.understood === "amount" ? say("looks like an amount", "sieht nach einem Betrag aus") : "";
              for (const [name, hits] of groups(found)) {
                if (!hits.length) continue;
                const head = make("h2", "", name);
                head.setAttribute("role", "presentation");
                head.append(make("span", "", String(hits.length)));
                listing.append(head);
                for (const hit of hits.slice(0, 8)) {
                  const link = make("a");
                  link.href = hit.href;
                  link.id = "found-" + links.length;
                  link.setAttribute("role", "option");
                  link.tabIndex = -1;
                  link.append(marked(hit.title, query), make("span", "also", hit.also), make("span", "n", hit.amount));
                  links.push(link);
                  listing.append(link);
                }
              }
              total.textContent = query ? say(links.length + " found in ", links.length + " gefunden in ") + took + " ms" : "";
              if (query && !links.length) listing.append(make("p", "rest", say("Nothing fits.", "Nichts gefunden.")));
              choose(0);
            };
            const ask = async () => {
              const query = input.value.trim(), mine = ++asked, start = performance.now();
              try {
                const answer = await fetch("/api/search?q=" + encodeURIComponent(query) + (german ? "&lang=de" : ""));
                if (!answer.ok || mine !== asked) return;
                draw(await answer.json(), query, Math.round(performance.now() - start));
              } catch (_) {}
            };
            input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 90); });
            input.addEventListener("keydown", (event) => {
              if (event.key === "ArrowDown") { event.preventDefault(); choose(chosen + 1); }
              else if (event.key === "ArrowUp") { event.preventDefault(); choose(chosen - 1); }
              else if (event.key === "Escape") { event.preventDefault(); box.close(); }
              else if (event.key === "Enter") {
                event.preventDefault();
                if (links[chosen]) location.href = links[chosen].href;
                else location.href = "/search?q=" + encodeURIComponent(input.value);
              }
            });
            box.showModal();
            input.focus();
            ask();
          };
        """
}
