import Web

extension Pages {
    /// `/import`, `/import/templates/KIND.csv`, `/import/KEY` with `?step=columns`, and `/import/KEY/rejected.csv`.
    var importRoutes: [Route] {
        [
            Route(["import"]) { try await importStart($0) },
            Route(["import"], methods: ["POST"]) { try await importReceive($0) },
            Route(["import", "templates"], takesName: true) { try importTemplate($0) },
            Route(["import"], takesName: true) { try await importPage($0) },
            Route(["import"], takesName: true, methods: ["POST"]) { try await importGoOn($0) },
        ]
    }

    private func mayImport(_ request: WebRequest) throws {
        guard request.session.may("import") else {
            throw WebProblem(
                status: 403, code: "access.not-allowed", what: "Nothing was imported.",
                why: "Your role does not allow imports.", next: "Ask whoever looks after the users.")
        }
    }

    private func importStart(_ request: WebRequest) async throws -> WebResponse {
        try mayImport(request)
        let shell = shell(request)
        let page = ImportStartPage(
            kind: request.query("kind"), seller: shell.reader.seller,
            sellers: try await source.importSellers(as: request.session), problem: nil, shell: shell)
        return .html(page.render())
    }

    private func importReceive(_ request: WebRequest) async throws -> WebResponse {
        try mayImport(request)
        let form = try request.form()
        let shell = shell(request, form)
        do {
            guard let kind = form["kind"], ImportWords.kinds.contains(kind) else {
                throw ImportProblem(
                    code: "import.unknown-kind",
                    why: shell.reader.say("No kind was chosen.", "Es wurde keine Art gewählt."),
                    next: shell.reader.say("Choose what the file holds.", "Wählen Sie, was die Datei enthält."),
                    field: "kind")
            }
            guard let file = form.files.first(where: { $0.field == "file" }), !file.bytes.isEmpty else {
                throw ImportProblem(
                    code: "import.no-file",
                    why: shell.reader.say(
                        "No file was chosen, or it is empty.", "Es wurde keine Datei gewählt, oder sie ist leer."),
                    next: shell.reader.say("Choose a file.", "Wählen Sie eine Datei."), field: "file")
            }
            let key = try await source.importKeep(file, kind: kind, seller: form["seller"], as: request.session)
            return .see(shell.reader.link("/import", name: key))
        } catch let problem as ImportProblem {
            let page = ImportStartPage(
                kind: form["kind"], seller: form["seller"],
                sellers: try await source.importSellers(as: request.session), problem: problem, shell: shell)
            return .html(page.render(), status: 422)
        }
    }

    private func importTemplate(_ request: WebRequest) throws -> WebResponse {
        let name = request.name(under: ["import", "templates"]) ?? ""
        guard let format = request.suffix, let (type, bytes) = try source.importTemplate(name, format: format) else {
            throw WebProblem.notFound
        }
        return .file(bytes, type: type, name: "\(name).\(format)", attached: true)
    }

    private func importPage(_ request: WebRequest) async throws -> WebResponse {
        try mayImport(request)
        let parts = (request.name(under: ["import"]) ?? "").split(separator: "/")
        guard let key = parts.first.map(String.init),
            parts.count == 1 || parts[1...] == ["rejected"] && request.suffix == "csv"
        else {
            throw WebProblem.notFound
        }
        if parts.count == 2 {
            guard let bytes = try source.importRejected(key, as: request.session) else { throw WebProblem.notFound }
            return .file(bytes, type: "text/csv; charset=utf-8", name: "rejected.csv", attached: true)
        }
        let shell = shell(request)
        guard let view = try await source.importWaiting(key, as: request.session) else {
            return .html(ImportGonePage(shell: shell).render(), status: 404)
        }
        return importPage(view, shell, step: request.query("step"))
    }

    private func importPage(_ view: ImportView, _ shell: Shell, step: String?) -> WebResponse {
        switch view.state {
        case .mapping(let problems):
            return .html(
                ImportColumnsPage(view: view, problems: problems, shell: shell).render(),
                status: problems.isEmpty ? 200 : 422)
        case .checked where step == "columns":
            return .html(ImportColumnsPage(view: view, problems: [], shell: shell).render())
        case .checked(let counts):
            return .html(ImportCheckPage(view: view, counts: counts, isDone: false, shell: shell).render())
        case .done(let counts):
            return .html(ImportCheckPage(view: view, counts: counts, isDone: true, shell: shell).render())
        case .busy(let done, let of):
            var response = WebResponse.html(ImportBusyPage(view: view, done: done, of: of, shell: shell).render())
            response.headers.append(("Refresh", "2"))
            return response
        }
    }

    private func importGoOn(_ request: WebRequest) async throws -> WebResponse {
        try mayImport(request)
        guard let key = request.name(under: ["import"]), !key.contains("/") else { throw WebProblem.notFound }
        let form = try request.form()
        let shell = shell(request, form)
        guard let view = try await source.importWaiting(key, as: request.session) else {
            return .html(ImportGonePage(shell: shell).render(), status: 404)
        }
        switch form["action"] {
        case "drop":
            source.importDrop(key, as: request.session)
            return .see(shell.reader.link("/import", [("kind", view.kind)]))
        case "import", "keep":
            try await source.importRun(key, keepGood: form["action"] == "keep", as: request.session)
        default:
            try await source.importCheck(key, Self.choices(form, view), as: request.session)
        }
        return .see(shell.reader.link("/import", name: key))
    }

    /// Only what the file and its kind have: names from a form are looked up, never taken as they are.
    private static func choices(_ form: WebForm, _ view: ImportView) -> ImportChoices {
        var choices = ImportChoices()
        let names = Set(view.fields.map(\.name))
        let sheet = form["sheet"]
        choices.sheet = ([view.sheet].compactMap(\.self) + view.otherSheets).first { $0 == sheet }
        // Of another sheet, the columns are others.
        if choices.sheet == nil || choices.sheet == view.sheet {
            for index in view.columns.indices {
                guard let value = form.fields.first(where: { $0.key == "column-\(index + 1)" })?.value else { continue }
                choices.columns[index] = names.contains(value) ? value : ""
            }
        }
        for field in view.fields { if let value = form["set-\(field.name)"] { choices.constants[field.name] = value } }
        choices.seller = form["seller"].flatMap { code in view.sellers.first { $0.code == code }?.code }
        choices.dates = form["dates"].flatMap { ["dmy", "mdy", "ymd"].contains($0) ? $0 : nil }
        choices.decimals = form["decimals"].flatMap { ["point", "comma"].contains($0) ? $0 : nil }
        return choices
    }
}
