/// A strict little reader of the pages' own markup, for the tests: every element closed, every attribute quoted.
struct Markup {
    struct Element {
        let name: String
        let attributes: [String: String]
        /// Names of the elements around it, outermost first.
        let around: [String]
        /// All text inside, references resolved.
        var text = ""
    }
    struct Broken: Error { let why: String }

    private(set) var elements: [Element] = []
    private static let empty: Set = ["meta", "br"]

    init(_ html: String) throws {
        var rest = Substring(html)
        var open: [Int] = []
        while let next = rest.firstIndex(of: "<") {
            let text = Markup.plain(rest[..<next])
            for index in open { elements[index].text += text }
            guard let end = Markup.end(of: rest[next...]) else {
                throw Broken(why: "unclosed tag: \(rest[next...].prefix(60))")
            }
            let tag = rest[rest.index(after: next)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("!") { continue }
            if tag.hasPrefix("/") {
                guard let last = open.popLast(), elements[last].name == tag.dropFirst() else {
                    throw Broken(why: "</\(tag.dropFirst())> closes nothing")
                }
                continue
            }
            let element = try Markup.element(tag, around: open.map { elements[$0].name })
            elements.append(element)
            if !tag.hasSuffix("/"), !Markup.empty.contains(element.name) { open.append(elements.count - 1) }
        }
        guard open.isEmpty else { throw Broken(why: "\(open.map { elements[$0].name }) stay open") }
    }

    func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

    private static func end(of text: Substring) -> Substring.Index? {
        var quote: Character?
        for index in text.indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == ">" {
                return index
            }
        }
        return nil
    }

    private static func element(_ tag: Substring, around: [String]) throws -> Element {
        var rest = tag.hasSuffix("/") ? tag.dropLast() : tag
        let name = rest.prefix { !$0.isWhitespace }
        rest = rest.dropFirst(name.count)
        var attributes: [String: String] = [:]
        while true {
            rest = rest.drop(while: \.isWhitespace)
            let key = rest.prefix { $0 != "=" && !$0.isWhitespace }
            if key.isEmpty { break }
            rest = rest.dropFirst(key.count)
            guard attributes[String(key)] == nil else { throw Broken(why: "\(key) twice in <\(tag)>") }
            guard rest.first == "=" else {
                attributes[String(key)] = ""
                continue
            }
            guard let quote = rest.dropFirst().first, quote == "\"" || quote == "'" else {
                throw Broken(why: "unquoted \(key) in <\(tag)>")
            }
            let value = rest.dropFirst(2).prefix { $0 != quote }
            attributes[String(key)] = plain(value)
            rest = rest.dropFirst(value.count + 3)
        }
        return Element(name: String(name), attributes: attributes, around: around)
    }

    private static func plain(_ text: Substring) -> String {
        var text = String(text)
        for (reference, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
            text = text.split(separator: reference, omittingEmptySubsequences: false).joined(separator: character)
        }
        return text
    }
}
