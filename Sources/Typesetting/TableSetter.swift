/// Measures a table and puts it on its pages.
struct TableSetter {
    private let table: Table
    private let flow: Flow
    private(set) var lefts: [Double] = []
    private(set) var rights: [Double] = []
    private var heads: [ShapedText] = []
    /// Cells of every row, each a stack of texts.
    private var cells: [[[ShapedText]]] = []
    private var pieces: [Piece] = []

    /// A row, or a part of one whose text is too long to keep together.
    private struct Piece {
        let row: Int
        /// Which lines of its cells, counted over the whole stack.
        let lines: Range<Int>
        let height: Double
        let isFirst: Bool
        let isLast: Bool
    }
    /// Rows with more lines than this may break between them.
    private static let keptLines = 12

    init(_ table: Table, in flow: Flow) {
        self.table = table
        self.flow = flow
        measureColumns()
        for row in cells.indices { cut(row) }
    }

    mutating func set(tail: Double) {
        let headHeight = (heads.map(\.height).max() ?? 0) + 5.5
        let carryHeight = table.carry == nil ? 0 : 12 + table.padding
        let plan = Pagination(
            heights: pieces.map(\.height), firstRoom: flow.room - headHeight,
            nextRoom: flow.bottom - flow.nextTop - headHeight, broughtHeight: carryHeight,
            carriedHeight: carryHeight, tail: tail
        ).pages()
        flow.pages.open(.table)
        for (index, range) in plan.enumerated() {
            if index > 0 { flow.newPage() }
            if range.isEmpty, !pieces.isEmpty { continue }
            setHead()
            if range.lowerBound > 0 { setCarry(done: range.lowerBound, forward: false) }
            for piece in range { set(pieces[piece], isEnd: piece == pieces.count - 1) }
            if range.upperBound < pieces.count { setCarry(done: range.upperBound, forward: true) }
        }
        flow.pages.close(.table)
    }

    // MARK: Measuring

    /// Below 1 where the columns would not fit: a figure is set smaller, never broken.
    private var scale = 1.0
    /// What the column of the rest has at least, points.
    private static let leastRest = 90.0

    /// Natural widths first, then the rest; a cell that does not fit its column is shaped again to its width.
    private mutating func measureColumns() {
        var widths = naturalWidths()
        let gaps = table.gap * Double(table.columns.count - 1)
        let room = flow.width - gaps - Self.leastRest
        if widths.reduce(0, +) > room {
            // In steps, so that there are few sizes.
            scale = max((room / widths.reduce(0, +) * 20).rounded(.down) / 20, 0.5)
            widths = naturalWidths()
        }
        let taken = widths.reduce(0, +) + gaps
        for column in table.columns.indices {
            if case .rest = table.columns[column].width { widths[column] = max(flow.width - taken, Self.leastRest) }
        }
        var x = flow.left
        for width in widths {
            lefts.append(x)
            rights.append(x + width)
            x += width + table.gap
        }
        for row in cells.indices {
            for column in cells[row].indices {
                for (index, text) in cells[row][column].enumerated() where text.width > widths[column] + 0.01 {
                    cells[row][column][index] = shape(table.rows[row].cells[column][index], width: widths[column])
                }
            }
        }
    }

    private mutating func naturalWidths() -> [Double] {
        heads = table.columns.map { shape($0.head) }
        cells = table.rows.map { row in row.cells.map { $0.map { shape($0) } } }
        return table.columns.indices.map { column -> Double in
            guard case .natural(let most) = table.columns[column].width else { return 0 }
            var widest = heads[column].width
            for row in cells { for text in row[column] { widest = max(widest, text.width) } }
            if let carry = table.carry, carry.amountColumn == column { widest = max(widest, widestSum(carry)) }
            return min(widest, max(most, heads[column].width)).rounded(.up)
        }
    }

    private func shape(_ text: RichText, width: Double? = nil) -> ShapedText {
        flow.pages.shape(scale == 1 ? text : text.scaled(by: scale), width: width)
    }

    /// The carried sum with the most characters, so that none sticks out of its column.
    private func widestSum(_ carry: Table.Carry) -> Double {
        var widest: RichText?
        var most = 0
        for count in 0...table.rows.count {
            let sum = carry.sum(count)
            let length = sum.byteCount
            if length > most { (widest, most) = (sum, length) }
        }
        return widest.map { shape($0).width } ?? 0
    }

    private mutating func cut(_ row: Int) {
        let counts = cells[row].map { $0.reduce(0) { $0 + $1.lineCount } }
        let total = max(counts.max() ?? 0, 1)
        var start = 0
        while start < total {
            let left = total - start
            let count = left <= Self.keptLines + 2 ? left : Self.keptLines
            let lines = start..<(start + count)
            let isFirst = start == 0
            let isLast = lines.upperBound == total
            var height = cells[row].map { self.height(of: $0, lines: lines) }.max() ?? 0
            height += (isFirst ? table.padding / 2 : 0) + (isLast ? table.padding / 2 : 0)
            pieces.append(Piece(row: row, lines: lines, height: height, isFirst: isFirst, isLast: isLast))
            start += count
        }
    }

    private func height(of stack: [ShapedText], lines: Range<Int>) -> Double {
        var height = 0.0
        forEachPart(of: stack, lines: lines) { text, part in height += Double(part.count) * text.leading }
        return height
    }

    /// The parts of a stack of texts that the lines, counted over all of them, cover.
    private func forEachPart(of stack: [ShapedText], lines: Range<Int>, _ body: (ShapedText, Range<Int>) -> Void) {
        var start = 0
        for text in stack {
            let first = max(lines.lowerBound - start, 0)
            let end = min(lines.upperBound - start, text.lineCount)
            if first < end { body(text, first..<end) }
            start += text.lineCount
        }
    }

    // MARK: Putting

    private func setHead() {
        let height = heads.map(\.height).max() ?? 0
        flow.pages.open(.row)
        for column in table.columns.indices {
            flow.pages.open(.headCell)
            put(heads[column], column: column, y: flow.y + height - heads[column].height)
            flow.pages.close(.headCell)
        }
        flow.pages.close(.row)
        flow.y += height + 4.5
        flow.pages.rule(from: flow.left, to: flow.right, y: flow.y, thickness: 1, .ink)
        flow.y += 1
    }

    private func set(_ piece: Piece, isEnd: Bool) {
        let top = flow.y + (piece.isFirst ? table.padding / 2 : 0)
        flow.pages.open(.row)
        for column in table.columns.indices {
            flow.pages.open(.cell)
            var y = top
            forEachPart(of: cells[piece.row][column], lines: piece.lines) { text, lines in
                put(text, lines: lines, column: column, y: y)
                y += Double(lines.count) * text.leading
            }
            flow.pages.close(.cell)
        }
        flow.pages.close(.row)
        flow.y += piece.height
        if piece.isLast {
            flow.pages.rule(
                from: flow.left, to: flow.right, y: flow.y - 0.5, isEnd && table.strongEnd ? .strongLine : .line)
        }
    }

    /// "Carried forward to page n" below the rows done, or "brought forward from page n" above those to come.
    private func setCarry(done piece: Int, forward: Bool) {
        guard let carry = table.carry else { return }
        let label = shape(forward ? carry.forward(flow.pages.page + 1) : carry.brought(flow.pages.page - 1))
        // A row cut in two counts on the page where it starts: there its amount stands.
        let sum = shape(carry.sum(pieces[piece - 1].row + 1))
        let y = flow.y + table.padding / 2
        flow.pages.open(.row)
        for column in table.columns.indices {
            flow.pages.open(.cell)
            if column == carry.labelColumn { put(label, column: column, y: y) }
            if column == carry.amountColumn { put(sum, column: column, y: y) }
            flow.pages.close(.cell)
        }
        flow.pages.close(.row)
        flow.y += label.leading + table.padding
        if !forward { flow.pages.rule(from: flow.left, to: flow.right, y: flow.y - 0.5) }
    }

    private func put(_ text: ShapedText, lines: Range<Int>? = nil, column: Int, y: Double) {
        let edge = table.columns[column].edge
        flow.pages.put(text, lines: lines, x: edge == .left ? lefts[column] : rights[column], y: y, edge)
    }
}
