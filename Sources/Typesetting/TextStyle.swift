/// A colour of the page, 8 bits a channel.
public struct Colour: Hashable, Sendable {
    public let red: UInt8
    public let green: UInt8
    public let blue: UInt8

    /// From `0xRRGGBB`.
    public init(_ hex: UInt32) {
        red = UInt8(truncatingIfNeeded: hex >> 16)
        green = UInt8(truncatingIfNeeded: hex >> 8)
        blue = UInt8(truncatingIfNeeded: hex)
    }

    /// Text; 16.2 to 1 on paper.
    public static let ink = Colour(0x1A1C20)
    /// The second line, labels; 8.2 to 1.
    public static let secondInk = Colour(0x474C54)
    /// Hints; 5.2 to 1.
    public static let thirdInk = Colour(0x646972)
    /// Between rows.
    public static let line = Colour(0xE0DCD4)
    /// Under sums, above the footer.
    public static let strongLine = Colour(0xBDB8AD)
    public static let black = Colour(0x000000)
}

/// How letters look: size and leading (baseline to baseline) in points.
public struct TextStyle: Hashable, Sendable {
    public enum Weight: Int, Sendable { case regular = 400, medium = 500, semibold = 600 }
    public var size: Double
    public var leading: Double
    public var weight: Weight
    public var colour: Colour

    public init(size: Double, leading: Double, weight: Weight = .regular, colour: Colour = .ink) {
        self.size = size
        self.leading = leading
        self.weight = weight
        self.colour = colour
    }

    /// Size and weight tell styles apart well enough; texts are looked up by the thousand.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(size)
        hasher.combine(weight.rawValue)
    }

    public func weight(_ weight: Weight) -> TextStyle {
        TextStyle(size: size, leading: leading, weight: weight, colour: colour)
    }

    func scaled(by factor: Double) -> TextStyle {
        TextStyle(size: size * factor, leading: leading * factor, weight: weight, colour: colour)
    }

    public func colour(_ colour: Colour) -> TextStyle {
        TextStyle(size: size, leading: leading, weight: weight, colour: colour)
    }
}

/// Text in one or more styles, any script. `\n` starts a new line; other control characters are set as blanks.
public struct RichText: Hashable, Sendable {
    public struct Span: Hashable, Sendable {
        public let text: String
        public let style: TextStyle
    }
    /// Apart from the rest, since nearly every text has one span only and then needs no array.
    let first: Span
    private(set) var rest: [Span] = []
    public var spans: [Span] { [first] + rest }

    public init(_ text: String, _ style: TextStyle) { first = Span(text: text, style: style) }
    public static func + (left: RichText, right: RichText) -> RichText {
        var result = left
        result.rest.append(right.first)
        result.rest += right.rest
        return result
    }
    /// The same words in other sizes.
    func scaled(by factor: Double) -> RichText {
        var result = RichText(first.text, first.style.scaled(by: factor))
        result.rest = rest.map { Span(text: $0.text, style: $0.style.scaled(by: factor)) }
        return result
    }

    public var isEmpty: Bool { first.text.isEmpty && rest.allSatisfy(\.text.isEmpty) }
    /// Of all spans together, in UTF-8.
    var byteCount: Int { rest.reduce(first.text.utf8.count) { $0 + $1.text.utf8.count } }
}

/// Points from millimetres.
public func mm(_ millimetres: Double) -> Double { millimetres * 72 / 25.4 }
