import Web

/// A command or query of the catalogue, as a form shows it.
public struct CommandView: Encodable, Sendable {
    /// As typed: `cash apply`.
    public let name: String
    /// What it does, in a sentence.
    public let abstract: String
    /// Writes to the books or sends something.
    public let isCommand: Bool
    public let parameters: [Parameter]

    public struct Parameter: Encodable, Sendable {
        public enum Kind: String, Encodable, Sendable { case text, flag, file }
        public let name: String
        public let help: String
        public let kind: Kind
        public let isOptional: Bool
        public let isRepeating: Bool
        public let standard: String?

        public init(name: String, help: String, kind: Kind, isOptional: Bool, isRepeating: Bool, standard: String?) {
            (self.name, self.help, self.kind) = (name, help, kind)
            (self.isOptional, self.isRepeating, self.standard) = (isOptional, isRepeating, standard)
        }
    }

    public init(name: String, abstract: String, isCommand: Bool, parameters: [Parameter]) {
        (self.name, self.abstract, self.isCommand, self.parameters) = (name, abstract, isCommand, parameters)
    }

    var words: [String] { name.split(separator: " ").map(String.init) }
    var hasDryRun: Bool { parameters.contains { $0.name == "dry-run" } }
}

/// What a command that was sent from a page came to.
public enum CommandResult: Sendable {
    /// `id` of what can be taken back; nil where nothing was kept. The text is what the command line prints. `wholly` is false where
    /// something was found or held back, which the text says.
    case done(id: String?, text: String, wholly: Bool)
    case file(name: String, type: String, bytes: [UInt8])
    /// Several files, to be taken one by one: addresses are the source's.
    case files(text: String, [(name: String, address: Link)])
    case refused([WebProblem])
    /// Nothing was done: a second person decides about it, by the id of the approval.
    case waits(id: String)
}

/// What the pages over the whole catalogue read and do.
public protocol CommandsSource: Sendable {
    /// Those that this reader may use, in the order of the command line.
    func commands(for session: WebSession) -> [CommandView]
    /// Carries one out. Throws a `WebProblem` where it may not be, or the fields were not understood.
    func carryOut(_ name: String, _ form: WebForm, as session: WebSession, language: Language) async throws
        -> CommandResult
    /// Does work that may take long: waits for it a little, then leads to `/jobs/ID`.
    func attended(
        _ name: String, as session: WebSession, _ work: @escaping @Sendable () async throws -> WebResponse
    ) async throws -> WebResponse
    /// How far work of this reader is, and its answer once it has ended. Throws a `WebProblem` where there is none.
    func job(_ id: String, as session: WebSession) async throws -> (view: JobView, answer: WebResponse?)
}

extension CommandsSource {
    /// Where nothing works beside the pages, the page waits.
    public func attended(
        _ name: String, as session: WebSession, _ work: @escaping @Sendable () async throws -> WebResponse
    ) async throws -> WebResponse {
        try await work()
    }
    public func job(_ id: String, as session: WebSession) async throws -> (view: JobView, answer: WebResponse?) {
        throw WebProblem.notFound
    }
}
