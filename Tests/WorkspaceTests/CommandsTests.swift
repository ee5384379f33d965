import Testing
import Web

@testable import Workspace

extension Fixture {
    static let applyCash = CommandView(
        name: "cash apply", abstract: "Apply a receipt to an invoice.", isCommand: true,
        parameters: [
            .init(
                name: "receipt", help: "The receipt.", kind: .text, isOptional: true, isRepeating: false, standard: nil),
            .init(
                name: "from", help: "A file of allocations.", kind: .file, isOptional: true, isRepeating: false,
                standard: nil),
            .init(
                name: "keep-good", help: "Take the good rows.", kind: .flag, isOptional: true, isRepeating: false,
                standard: nil),
            .init(
                name: "dry-run", help: "Keep nothing.", kind: .flag, isOptional: true, isRepeating: false, standard: nil
            ),
        ])
    static let listCash = CommandView(
        name: "cash list", abstract: "List receipts.", isCommand: false,
        parameters: [
            .init(name: "text", help: "Words.", kind: .text, isOptional: false, isRepeating: true, standard: nil)
        ])

    func commands(for session: WebSession) -> [CommandView] {
        [Self.applyCash, Self.listCash].filter { session.may($0.name) }
    }

    func carryOut(_ name: String, _ form: WebForm, as session: WebSession, language: Language) async throws
        -> CommandResult
    {
        switch form["receipt"] {
        case "refused":
            .refused([
                WebProblem(
                    status: 422, code: "cash.no-receipt", what: "Nothing was applied.", why: "There is no receipt <x>.",
                    next: "Look at the list.", field: "receipt")
            ])
        case "held": .done(id: nil, text: "2 of 3 <b>held</b>", wholly: false)
        default: .done(id: form["_id"], text: "Applied.", wholly: true)
        }
    }
}

@Suite("commands") struct CommandsTests {
    static func site(may: @escaping @Sendable (String) -> Bool = { _ in true }) -> Site {
        var site = Workspace.site(source: Fixture(), fontFolder: nil)
        site.gate = { $0.session = WebSession(user: "Ada", role: "coordinator", formToken: "t-1", may: may) }
        site.freshID = { "web-7" }
        return site
    }

    static func post(_ body: String, to target: String = "/do/cash/apply", site: Site = site()) async -> WebResponse {
        await site.respond(
            method: "POST", target: target, headers: [("Content-Type", "application/x-www-form-urlencoded")],
            body: WebBody(Array(body.utf8)))
    }

    @Test("lists what the reader may use, and nothing else")
    func list() async throws {
        let all = await Self.site().respond(method: "GET", target: "/commands")
        let text = String(decoding: all.body, as: UTF8.self)
        #expect(all.status == 200)
        #expect(text.contains("/commands/cash/apply") && text.contains("/commands/cash/list"))
        let some = await Self.site(may: { $0 == "cash list" }).respond(method: "GET", target: "/commands")
        #expect(!String(decoding: some.body, as: UTF8.self).contains("/commands/cash/apply"))
        let one = await Self.site(may: { $0 == "cash list" }).respond(method: "GET", target: "/commands/cash/apply")
        #expect(one.status == 404)
    }

    @Test("the form carries the token, a fresh id and what the address says")
    func form() async throws {
        let page = await Self.site().respond(method: "GET", target: "/commands/cash/apply?receipt=R-1")
        let text = String(decoding: page.body, as: UTF8.self)
        #expect(text.contains("name=\"_token\" value=\"t-1\"") && text.contains("name=\"_id\" value=\"web-7\""))
        #expect(text.contains("value=\"R-1\"") && text.contains("multipart/form-data"))
    }

    @Test("after a command the reader is back where it was asked for, with its id")
    func back() async throws {
        let done = await Self.post("receipt=R&_id=web-9&_back=%2Fmoney%3Freceipt%3D7%26done%3Dold")
        #expect(done.status == 303)
        #expect(done.header("Location") == "/money?receipt=7&done=web-9")
    }

    @Test(
        "never back to another host",
        arguments: ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
    func foreign(_ back: String) async throws {
        let encoded = back.utf8.map { "%" + (String($0, radix: 16).count == 1 ? "0" : "") + String($0, radix: 16) }
            .joined()
        let done = await Self.post("receipt=R&_id=web-9&_back=\(encoded)")
        #expect(done.status == 303)
        #expect(done.header("Location") == "/commands/cash/apply?done=web-9")
    }

    @Test("a refusal stands at its field, with what was typed")
    func refused() async throws {
        let page = await Self.post("receipt=refused&keep-good=true")
        let text = String(decoding: page.body, as: UTF8.self)
        #expect(page.status == 422)
        #expect(text.contains("There is no receipt &lt;x&gt;.") && text.contains("aria-invalid=\"true\""))
        #expect(text.contains("value=\"refused\"") && text.contains("checked"))
    }

    @Test("what was held back is shown, escaped")
    func held() async throws {
        let page = await Self.post("receipt=held")
        #expect(page.status == 409)
        #expect(String(decoding: page.body, as: UTF8.self).contains("2 of 3 &lt;b&gt;held&lt;/b&gt;"))
    }

    @Test("GET carries nothing out")
    func get() async throws {
        let answer = await Self.site().respond(method: "GET", target: "/do/cash/apply?receipt=R")
        #expect(answer.status == 405)
        #expect(answer.header("Allow") == "POST")
    }
}
