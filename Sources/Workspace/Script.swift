/// The little script on top: `/` finds, `j` and `k` move, `[` goes home. Pages work without it. Single letters can be switched off
/// (WCAG 2.1.4); the choice stays in the browser.
enum Script {
    static let source = """
        "use strict";
        (() => {
          const bar = document.querySelector(".keys"), off = "duly-keys-off";
          if (!bar) return;
          const rail = document.querySelector(".rail"), here = rail && rail.querySelector("[aria-current]");
          if (here) rail.scrollLeft = here.offsetLeft - (rail.clientWidth - here.offsetWidth) / 2;
          let silent = false;
          try { silent = localStorage.getItem(off) === "1"; } catch (_) {}
          const button = bar.querySelector("button");
          const show = () => {
            bar.hidden = false;
            bar.querySelector(".list").hidden = silent;
            button.textContent = silent ? button.dataset.on : button.dataset.off;
          };
          button.addEventListener("click", () => {
            silent = !silent;
            try { localStorage.setItem(off, silent ? "1" : "0"); } catch (_) {}
            show();
          });
          show();
          const rows = () => [...document.querySelectorAll("[data-row]")].filter((e) => e.offsetParent);
          const move = (step) => {
            const all = rows(), now = all.findIndex((e) => e === document.activeElement);
            const next = all[Math.max(0, Math.min(all.length - 1, now < 0 ? (step > 0 ? 0 : all.length - 1) : now + step))];
            if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
          };
          document.addEventListener("keydown", (event) => {
            const find = document.querySelector(".top .find input");
            if ((event.ctrlKey || event.metaKey) && event.key === "k" && find) {
              event.preventDefault(); find.focus(); find.select(); return;
            }
            if (event.key === "Escape") {
              const open = document.activeElement && document.activeElement.closest("details[open]");
              if (open) { open.open = false; open.querySelector("summary").focus(); }
              return;
            }
            if (silent || event.ctrlKey || event.metaKey || event.altKey) return;
            if (event.target.closest("input,textarea,select")) return;
            switch (event.key) {
              case "/": if (find) { event.preventDefault(); find.focus(); find.select(); } break;
              case "j": move(1); break;
              case "k": move(-1); break;
              case "p": window.print(); break;
              case "t": location.href = document.querySelector(".rail .places a").href; break;
            }
          });
          document.addEventListener("click", (event) => {
            for (const open of document.querySelectorAll(".next[open]"))
              if (!open.contains(event.target)) open.open = false;
          });
        })();

        """
}
