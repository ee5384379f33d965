import Foundation
import Web

/// Optimistic editing: a command that carries the entity tag of what its sender last saw (`If-Match`, or `_seen` of a form) is refused
/// where that has changed meanwhile, and told by whom (RFC 9110, 13.1.1).
struct Unchanged: Sendable {
    /// The query that shows what a command changes, and which of the command's values name it.
    private struct Subject: Sendable {
        let query: String
        /// The query's parameter by the command's.
        let names: [String: String]
        /// How `duly history` names it.
        let history: String
    }

    private static let subjects: [String: Subject] = [
        "seller series": Subject(query: "seller show", names: ["code": "code"], history: ""),
        "seller add-account": Subject(query: "seller show", names: ["code": "code"], history: ""),
        "reminder policy": Subject(query: "reminder policy", names: ["seller": "seller", "from": "from"], history: ""),
        "invoice credit": Subject(
            query: "invoice show", names: ["number": "number", "seller": "seller"], history: "document"),
        "cash write-off": Subject(
            query: "invoice show", names: ["invoice": "number", "seller": "seller"], history: "document"),
        "cash apply": Subject(
            query: "invoice show", names: ["invoice": "number", "seller": "seller"], history: "document"),
        "cash unapply": Subject(
            query: "invoice show", names: ["invoice": "number", "seller": "seller"], history: "document"),
    ]

    let desk: CommandDesk

    /// Throws a 412 where the subject of `run` no longer has the tag `seen`. Nothing is checked where nothing was sent.
    func check(_ run: CommandRun, seen: String?, as session: WebSession) async throws {
        guard let seen, seen != "*" else { return }
        let tags = seen.split(separator: ",").map { $0.filter { !$0.isWhitespace }.replacing("W/", with: "") }
        guard let subject = Self.subjects[run.entry.name], let tag = try await tag(of: run, subject, session) else {
            throw WebProblem.notConditional(run.entry.name)
        }
        guard !tags.contains(tag) else { return }
        throw WebProblem.changedMeanwhile(await last(run, subject, session))
    }

    /// The tag of what a command is about to change, for a form; nil where it has none.
    func tag(of run: CommandRun, as session: WebSession) async throws -> String? {
        guard let subject = Self.subjects[run.entry.name] else { return nil }
        return try await tag(of: run, subject, session)
    }

    private func tag(of run: CommandRun, _ subject: Subject, _ session: WebSession) async throws -> String? {
        guard let query = desk.catalogue[subject.query] else { return nil }
        var show = CommandRun(entry: query)
        for (from, to) in subject.names { show.values[to] = run.values[from] }
        guard case .answered(let output, _, _, _) = try await desk.carryOut(show, as: session, json: true) else {
            return nil
        }
        return WebResponse.tag(of: output)
    }

    /// The newest command about it: `cash.apply by Ada at 2026-11-30T10:00:00Z`.
    private func last(_ run: CommandRun, _ subject: Subject, _ session: WebSession) async -> String? {
        struct Page: Decodable {
            struct Item: Decodable { let kind, actor, at: String }
            let items: [Item]
        }
        guard !subject.history.isEmpty, let query = desk.catalogue["history"],
            let number = run.values["number"] ?? run.values["invoice"]
        else { return nil }
        var history = CommandRun(entry: query)
        history.values = [subject.history: number, "limit": ["1"]]
        history.values["seller"] = run.values["seller"]
        guard case .answered(let output, _, _, _) = try? await desk.carryOut(history, as: session, json: true),
            let item = (try? JSONDecoder().decode(Page.self, from: Data(output)))?.items.first
        else { return nil }
        return "\(item.kind) by \(item.actor) at \(item.at)"
    }
}

extension WebProblem {
    static func changedMeanwhile(_ by: String?) -> WebProblem {
        WebProblem(
            status: 412, code: "api.changed-meanwhile", what: "Nothing was changed.",
            why: "It was changed since you read it" + (by.map { ": \($0)." } ?? "."),
            next: "Read it again, and decide anew.")
    }
    static func notConditional(_ command: String) -> WebProblem {
        WebProblem(
            status: 412, code: "api.not-conditional", what: "Nothing was changed.",
            why: "What '\(command)' changes has no tag, or does not exist.", next: "Send it without If-Match.")
    }
}
