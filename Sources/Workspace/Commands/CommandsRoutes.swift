import Web

extension Pages {
    var commandsRoutes: [Route] {
        [
            Route(["commands"]) { try commands($0) },
            Route(["commands"], takesName: true) { try command($0) },
            Route(["do"], takesName: true, methods: ["POST"]) { try await attended($0) },
            Route(["jobs"], takesName: true) { try await job($0) },
        ]
    }

    private func commands(_ request: WebRequest) throws -> WebResponse {
        let all = source.commands(for: request.session)
        if request.wantsJSON { return try .json(all) }
        return .html(CommandsPage(commands: all, shell: shell(request)).render())
    }

    private func view(_ words: some Sequence<String>, _ request: WebRequest) throws -> CommandView {
        let name = words.joined(separator: " ")
        guard let view = source.commands(for: request.session).first(where: { $0.name == name }) else {
            throw WebProblem.notFound
        }
        return view
    }

    /// The form of one command; the query fills its fields.
    private func command(_ request: WebRequest) throws -> WebResponse {
        let view = try view(request.path.dropFirst(), request)
        if request.wantsJSON { return try .json(view) }
        let typed = request.query.filter { !["lang", "done"].contains($0.key) }
        return .html(
            CommandPage(command: view, typed: typed, problems: [], answer: nil, shell: shell(request)).render())
    }

    /// Long work goes on by itself, and its page asks how far it is.
    private func attended(_ request: WebRequest) async throws -> WebResponse {
        let view = try view(request.path.dropFirst(), request)
        return try await source.attended(view.name, as: request.session) { try await carryOut(request) }
    }

    /// What the command's own answer would have been, once it is there.
    private func job(_ request: WebRequest) async throws -> WebResponse {
        let found = try await source.job(request.name(under: ["jobs"]) ?? "", as: request.session)
        if let answer = found.answer { return answer }
        if request.wantsJSON { return try .json(found.view) }
        var page = WebResponse.html(JobPage(view: found.view, shell: shell(request)).render())
        // Asks again after two seconds, without script.
        page.headers += [("Refresh", "2"), ("Cache-Control", "no-store")]
        return page
    }

    /// After a command: back to where it was asked for, with its id in the address; a refusal shows the command's own form with
    /// what was typed.
    private func carryOut(_ request: WebRequest) async throws -> WebResponse {
        let name = request.path.dropFirst().joined(separator: " ")
        let form = try request.form()
        let shell = shell(request, form)
        let view = try view(request.path.dropFirst(), request)
        func page(_ problems: [WebProblem], _ answer: String?, status: Int) -> WebResponse {
            .html(
                CommandPage(
                    command: view, typed: form.fields, problems: problems, answer: answer, shell: shell
                ).render(), status: status)
        }
        do {
            switch try await source.carryOut(name, form, as: request.session, language: shell.reader.language) {
            case .done(let id?, _, true):
                guard let back = form["_back"].flatMap(Link.init(returning:)) else {
                    return .see(Link("/commands", path: view.words, query: [("done", id)]))
                }
                return .see(back.adding("done", id))
            case .done(_, let text, let wholly): return page([], text, status: wholly || !view.isCommand ? 200 : 409)
            case .file(let name, let type, let bytes): return .file(bytes, type: type, name: name, attached: true)
            case .files(let text, let files):
                return .html(CommandFilesPage(command: view, text: text, files: files, shell: shell).render())
            case .refused(let problems): return page(problems, nil, status: 422)
            // Back to where it was asked for: the line there says that it waits.
            case .waits(let id):
                let back = form["_back"].flatMap(Link.init(returning:)) ?? Link("/approvals", fragment: id)
                return .see(back.adding("done", id))
            }
        } catch let problem as WebProblem where problem.status == 400 {
            return page([problem] + problem.more, nil, status: 400)
        }
    }
}
