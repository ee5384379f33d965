import CHost
import FoundationEssentials

/// What came with a request. Small bodies stay in memory; large ones wait in a file that goes when the request is answered.
public final class WebBody: Sendable {
    enum Content: Sendable {
        case bytes([UInt8])
        case file(String)
    }
    let content: Content
    /// In bytes.
    public let count: Int

    public init(_ bytes: [UInt8] = []) {
        content = .bytes(bytes)
        count = bytes.count
    }

    /// Takes the file over: it is removed with the body.
    init(file: String, count: Int) {
        content = .file(file)
        self.count = count
    }

    deinit {
        if case .file(let path) = content { try? FileManager.default.removeItem(atPath: path) }
    }

    /// The bytes; those of a file are mapped, not read.
    func data() throws -> Data {
        switch content {
        case .bytes(let bytes): Data(bytes)
        case .file(let path): try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
        }
    }

    public func bytes() throws -> [UInt8] {
        if case .bytes(let bytes) = content { return bytes }
        return [UInt8](try data())
    }
}

/// A file that was chosen in a form.
public struct WebUpload: Sendable {
    /// The field it was chosen in.
    public let field: String
    /// As the browser names it, without folders; never used as a path.
    public let name: String
    public let bytes: Data

    public init(field: String, name: String, bytes: Data) {
        (self.field, self.name, self.bytes) = (field, name, bytes)
    }
}

/// The fields of a form: `application/x-www-form-urlencoded`, or `multipart/form-data` (RFC 7578) with files.
public struct WebForm: Sendable {
    public private(set) var fields: [(key: String, value: String)]
    public private(set) var files: [WebUpload]

    public init(fields: [(key: String, value: String)], files: [WebUpload] = []) {
        self.fields = fields
        self.files = files
    }

    /// The first value of a field; nil where it is missing or blank.
    public subscript(_ key: String) -> String? {
        fields.first { $0.key == key && !$0.value.allSatisfy(\.isWhitespace) }?.value
    }
    public func all(_ key: String) -> [String] { fields.filter { $0.key == key }.map(\.value) }

    /// More fields than any page of ours has are refused, so that no request makes work without end.
    static let mostFields = 20_000

    init(type: String, body: WebBody) throws {
        let kind = type.prefix { $0 != ";" && !$0.isWhitespace }.lowercased()
        switch kind {
        case "application/x-www-form-urlencoded", "":
            self.init(fields: try WebForm.pairs(String(decoding: try body.bytes(), as: UTF8.self)))
        case "multipart/form-data":
            guard let boundary = WebForm.parameter("boundary", of: type), (1...70).contains(boundary.utf8.count) else {
                throw WebProblem.unreadableForm("Its parts have no boundary.")
            }
            self = try WebForm.parts(of: try body.data(), boundary: boundary)
        default: throw WebProblem.wrongType(kind)
        }
    }

    static func pairs(_ text: String) throws -> [(key: String, value: String)] {
        let pieces = text.split(separator: "&")
        guard pieces.count <= mostFields else {
            throw WebProblem.unreadableForm("It has more than \(mostFields) fields.")
        }
        return try pieces.map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = Link.decode(halves[0], plusIsBlank: true),
                let value = Link.decode(halves.count == 2 ? halves[1] : "", plusIsBlank: true)
            else { throw WebProblem.unreadableForm("It holds a broken percent escape or bytes that are not UTF-8.") }
            return (key, value)
        }
    }

    /// `name="a b"; filename=x` of a header's parameters; quoted or plain.
    private static func parameter(_ name: String, of header: String) -> String? {
        var rest = header[...].drop { $0 != ";" }
        while rest.first == ";" {
            rest = rest.dropFirst().drop(while: \.isWhitespace)
            let key = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest.dropFirst(key.count)
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst()
            var value = ""
            if rest.first == "\"" {
                rest = rest.dropFirst()
                while let character = rest.first, character != "\"" {
                    // Browsers write a quotation mark as %22; a backslash before it is the older way.
                    let escaped = character == "\\" && rest.dropFirst().first == "\""
                    value.append(escaped ? "\"" : character)
                    rest = rest.dropFirst(escaped ? 2 : 1)
                }
                rest = rest.dropFirst().drop { $0 != ";" }
            } else {
                value = String(rest.prefix { $0 != ";" })
                rest = rest.dropFirst(value.count)
            }
            if key.lowercased() == name { return value }
        }
        return nil
    }

    private static func parts(of data: Data, boundary: String) throws -> WebForm {
        var form = WebForm(fields: [])
        let mark = Data("\r\n--\(boundary)".utf8)
        guard data.starts(with: mark.dropFirst(2)) else {
            throw WebProblem.unreadableForm("Its first part is missing.")
        }
        var start = mark.count - 2
        while !data.dropFirst(start).starts(with: Data("--".utf8)) {
            guard let head = find(Data("\r\n\r\n".utf8), in: data, from: start),
                let end = find(mark, in: data, from: head + 2)
            else { throw WebProblem.unreadableForm("It ends before its last part does.") }
            let lines = String(decoding: data[start..<head], as: UTF8.self).split(separator: "\r\n").map(String.init)
            let disposition = lines.first { $0.lowercased().hasPrefix("content-disposition:") } ?? ""
            try form.take(disposition, data[head + 4..<max(head + 4, end)])
            start = end + mark.count
        }
        return form
    }

    private mutating func take(_ disposition: String, _ content: Data) throws {
        guard let name = WebForm.parameter("name", of: disposition) else {
            throw WebProblem.unreadableForm("A part has no name.")
        }
        if let file = WebForm.parameter("filename", of: disposition) {
            let plain = file.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
            guard !plain.isEmpty || !content.isEmpty else { return }
            files.append(WebUpload(field: name, name: plain, bytes: content))
        } else {
            guard let value = String(validating: content, as: UTF8.self), !value.utf8.contains(0) else {
                throw WebProblem.unreadableForm("The field \(name) is not UTF-8.")
            }
            fields.append((name, value))
        }
        guard fields.count + files.count <= WebForm.mostFields else {
            throw WebProblem.unreadableForm("It has more than \(WebForm.mostFields) fields.")
        }
    }

    private static func find(_ what: Data, in data: Data, from start: Int) -> Int? {
        let place = data.withUnsafeBytes { all in
            what.withUnsafeBytes {
                chost_find(all.baseAddress, Int64(all.count), Int64(start), $0.baseAddress, Int64($0.count))
            }
        }
        return place < 0 ? nil : Int(place)
    }
}

/// Who asks, as pages need to know it. `context` is whatever the gate of the site put there.
public struct WebSession: Sendable {
    public let user: String
    /// In words, for the page's frame.
    public let role: String
    /// Goes into every form and comes back with it.
    public let formToken: String
    /// Whether this person may carry out a command of this name, such as `cash apply`; pages offer only what is allowed.
    public let may: @Sendable (String) -> Bool
    /// What a command of this id did, for the page that follows it.
    public let told: @Sendable (String) -> Told?
    public let context: (any Sendable)?

    public struct Told: Sendable {
        public let summary: String
        public let canUndo: Bool
        public init(summary: String, canUndo: Bool) { (self.summary, self.canUndo) = (summary, canUndo) }
    }

    public init(
        user: String, role: String, formToken: String, may: @escaping @Sendable (String) -> Bool,
        told: @escaping @Sendable (String) -> Told? = { _ in nil }, context: (any Sendable)? = nil
    ) {
        (self.user, self.role, self.formToken) = (user, role, formToken)
        (self.may, self.told, self.context) = (may, told, context)
    }

    /// The same, that also knows what commands did.
    public func telling(_ told: @escaping @Sendable (String) -> Told?) -> WebSession {
        WebSession(user: user, role: role, formToken: formToken, may: may, told: told, context: context)
    }

    /// Nobody signed in, and everything allowed: of tests and of pages before sign-in exists.
    public static let open = WebSession(user: "", role: "", formToken: "", may: { _ in true })
}
