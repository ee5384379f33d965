/// Pages being composed: what stands where, in reading order, with the structure a screen reader follows. Lengths are points
/// from the top left corner. Nothing is painted before `pdf`, so that a page may say how many pages there are.
public final class Composition {
    /// Elements of the structure tree (ISO 32000-1, 14.8.4). What stands in none of the leaves is an artifact of the page.
    public enum Tag: String, Sendable {
        case document = "Document"
        case section = "Sect"
        case heading = "H1"
        case heading2 = "H2"
        case paragraph = "P"
        case table = "Table"
        case row = "TR"
        /// Heads its column.
        case headCell = "TH"
        /// Heads its row.
        case rowHeadCell = "TH row"
        case cell = "TD"
        case figure = "Figure"

        var name: String { self == .rowHeadCell ? "TH" : rawValue }
    }

    public enum Edge: Sendable {
        /// The text starts at x.
        case left
        /// The text ends at x.
        case right
    }

    enum Mark {
        case open(Tag)
        case close(Tag)
        case text(ShapedText, lines: Range<Int>, x: Double, y: Double, Edge)
        case fill(x: Double, y: Double, width: Double, height: Double, Colour)
        case code(QRCode, words: String, x: Double, y: Double, side: Double)
    }

    /// A4.
    public let width = mm(210)
    public let height = mm(297)
    private(set) var pages: [[Mark]] = [[]]
    private var current = 0
    private let typesetter = Typesetter.ofThisThread

    private let han: HanForms

    public init(han: HanForms = .simplified) { self.han = han }

    public var pageCount: Int { pages.count }
    /// From 1.
    public var page: Int { current + 1 }

    public func newPage() {
        pages.append([])
        current = pages.count - 1
    }

    /// Goes back to a page (from 1) to add what belongs on each: header, footer, page number.
    public func turn(toPage page: Int) { current = page - 1 }

    public func shape(_ text: RichText, width: Double? = nil) -> ShapedText {
        typesetter.shape(text, width: width, han: han)
    }

    /// Puts lines of a text; `y` is the top of the first.
    public func put(_ text: ShapedText, lines: Range<Int>? = nil, x: Double, y: Double, _ edge: Edge = .left) {
        pages[current].append(.text(text, lines: lines ?? 0..<text.lineCount, x: x, y: y, edge))
    }

    /// Shapes and puts at once; returns the height used.
    @discardableResult
    public func put(
        _ text: RichText, as tag: Tag? = nil, x: Double, y: Double, width: Double? = nil, _ edge: Edge = .left
    ) -> Double {
        let shaped = shape(text, width: width)
        if let tag { open(tag) }
        put(shaped, x: x, y: y, edge)
        if let tag { close(tag) }
        return shaped.height
    }

    /// A horizontal line whose upper edge is at `y`.
    public func rule(from left: Double, to right: Double, y: Double, thickness: Double = 0.5, _ colour: Colour = .line)
    {
        fill(x: left, y: y, width: right - left, height: thickness, colour)
    }

    /// Two lines under a final sum.
    public func doubleRule(from left: Double, to right: Double, y: Double) {
        rule(from: left, to: right, y: y, thickness: 0.9, .ink)
        rule(from: left, to: right, y: y + 1.9, thickness: 0.9, .ink)
    }

    public func fill(x: Double, y: Double, width: Double, height: Double, _ colour: Colour) {
        pages[current].append(.fill(x: x, y: y, width: width, height: height, colour))
    }

    /// `words` say to those who do not see it what it is.
    public func put(_ code: QRCode, words: String, x: Double, y: Double, side: Double) {
        open(.figure)
        pages[current].append(.code(code, words: words, x: x, y: y, side: side))
        close(.figure)
    }

    /// Elements that hold text stand on one page; elements that hold elements may run over pages.
    public func open(_ tag: Tag) { pages[current].append(.open(tag)) }
    public func close(_ tag: Tag) { pages[current].append(.close(tag)) }
}
