/// The name of an element; only names written in the source are possible.
public struct Tag: ExpressibleByStringLiteral, Sendable {
    let name: StaticString
    public init(stringLiteral name: StaticString) { self.name = name }
}

/// An attribute of an element. Its name is written in the source, its value is escaped.
public struct Attribute: Sendable {
    enum Value: Sendable {
        case none
        case fixed(StaticString)
        case text(String)
    }
    let name: StaticString
    let value: Value

    private init(_ name: StaticString, of value: Value) {
        self.name = name
        self.value = value
    }
    /// Any attribute but those that hold an address, a script or a style: addresses are `Link`s, and the content security policy
    /// forbids the other two.
    public init(_ name: StaticString, _ value: String) {
        precondition(!Attribute.isActive(name), "\(name) is not written from text")
        self.init(name, of: .text(value))
    }
    public init(_ name: StaticString, _ value: Int) { self.init(name, String(value)) }

    public static func flag(_ name: StaticString) -> Attribute { Attribute(name, of: .none) }
    public static func fixed(_ name: StaticString, _ value: StaticString) -> Attribute {
        Attribute(name, of: .fixed(value))
    }
    public static func `class`(_ names: StaticString) -> Attribute { Attribute("class", of: .fixed(names)) }
    public static func id(_ id: String) -> Attribute { Attribute("id", of: .text(id)) }
    public static func href(_ link: Link) -> Attribute { Attribute("href", of: .text(link.text)) }
    public static func src(_ link: Link) -> Attribute { Attribute("src", of: .text(link.text)) }
    public static func action(_ link: Link) -> Attribute { Attribute("action", of: .text(link.text)) }

    private static func isActive(_ name: StaticString) -> Bool {
        let name = name.description
        return name.hasPrefix("on") || ["href", "src", "action", "style", "srcdoc", "formaction"].contains(name)
    }
}

/// A page under construction, as UTF-8 bytes. Text is escaped unless it is written in the source.
///
///     var page = HTML()
///     page("p", .class("why")) { page in page.text(why) }
///     page("td", text: name)
public struct HTML: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init(capacity: Int = 32_768) { bytes.reserveCapacity(capacity) }

    /// An element with content.
    public mutating func callAsFunction(
        _ tag: Tag, _ attributes: Attribute?..., content: (inout HTML) throws -> Void
    ) rethrows {
        open(tag, attributes)
        try content(&self)
        close(tag)
    }

    /// An element that holds only text.
    public mutating func callAsFunction(_ tag: Tag, _ attributes: Attribute?..., text: String) {
        open(tag, attributes)
        self.text(text)
        close(tag)
    }

    /// An element without content and without end tag (`input`, `link`, `br`), or an empty one of SVG.
    public mutating func void(_ tag: Tag, _ attributes: Attribute?...) { open(tag, attributes, selfClosing: true) }

    /// Text from anywhere, escaped.
    public mutating func text(_ text: String) { escape(text) }

    /// Markup that stands in the source.
    public mutating func fixed(_ markup: StaticString) { append(markup) }

    private mutating func open(_ tag: Tag, _ attributes: [Attribute?], selfClosing: Bool = false) {
        bytes.append(UInt8(ascii: "<"))
        append(tag.name)
        for case let attribute? in attributes {
            bytes.append(UInt8(ascii: " "))
            append(attribute.name)
            switch attribute.value {
            case .none: continue
            case .fixed(let value):
                append("=\"")
                append(value)
            case .text(let value):
                append("=\"")
                escape(value)
            }
            bytes.append(UInt8(ascii: "\""))
        }
        append(selfClosing ? "/>" : ">")
    }

    private mutating func close(_ tag: Tag) {
        append("</")
        append(tag.name)
        bytes.append(UInt8(ascii: ">"))
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// `& < > " '` as references, so that one rule serves text and attributes; control characters that HTML forbids as U+FFFD.
    private mutating func escape(_ text: String) {
        var text = text
        text.withUTF8 { source in
            var start = 0
            for index in source.indices {
                guard let instead = HTML.replacement(for: source[index]) else { continue }
                bytes.append(contentsOf: source[start..<index])
                append(instead)
                start = index + 1
            }
            bytes.append(contentsOf: source[start...])
        }
    }

    private static func replacement(for byte: UInt8) -> StaticString? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        case 0x09, 0x0A, 0x0D: nil
        case 0..<0x20, 0x7F: "\u{FFFD}"
        default: nil
        }
    }
}
