/// Which rows of a table stand on which page.
struct Pagination {
    /// Of each row, points.
    let heights: [Double]
    /// For rows on the page where the table starts.
    let firstRoom: Double
    /// For rows on the pages that follow.
    let nextRoom: Double
    /// "Brought forward", at the top of the pages that follow.
    let broughtHeight: Double
    /// "Carried forward", at the foot of every page but the last.
    let carriedHeight: Double
    /// What must stand on the page of the last row, below it: totals, payment part.
    let tail: Double
    /// At least so many rows stay together before and after a break.
    private let together = 2

    /// Row ranges page by page. The first is empty where the table had better start on a new page. Each page takes at least one
    /// row after that, so it ends for any heights.
    func pages() -> [Range<Int>] {
        var result: [Range<Int>] = []
        var row = 0
        while true {
            let first = result.isEmpty
            let room = first ? firstRoom : nextRoom - broughtHeight
            let rest = heights.count - row
            if fits(row..<heights.count, in: room - tail) { return result + [row..<heights.count] }
            var count = 0
            var used = 0.0
            while count < rest, used + heights[row + count] <= room - carriedHeight + 0.01 {
                used += heights[row + count]
                count += 1
            }
            // The last rows go with what must stand below them.
            if rest - count < together { count = rest - together }
            if count < together, first {
                count = 0
            } else if count < 1 {
                // No room for one row and its tail even on a page of its own: the tail moves on alone.
                if fits(row..<heights.count, in: room) { return result + [row..<heights.count] }
                count = 1
            }
            result.append(row..<(row + count))
            row += count
            if row == heights.count { return result }
        }
    }

    private func fits(_ rows: Range<Int>, in room: Double) -> Bool {
        var sum = 0.0
        for row in rows {
            sum += heights[row]
            if sum > room + 0.01 { return false }
        }
        return sum <= room + 0.01
    }
}
