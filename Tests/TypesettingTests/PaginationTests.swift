import Testing

@testable import Typesetting

@Suite("A table is divided over pages")
struct PaginationTests {
    private func pages(
        _ rows: Int, height: Double = 10, first: Double = 100, next: Double = 200, carry: Double = 10, tail: Double = 0
    ) -> [Range<Int>] {
        Pagination(
            heights: Array(repeating: height, count: rows), firstRoom: first, nextRoom: next, broughtHeight: carry,
            carriedHeight: carry, tail: tail
        ).pages()
    }

    @Test("what fits stays on one page, with what must stand below it")
    func one() {
        #expect(pages(10) == [0..<10])
        #expect(pages(6, tail: 40) == [0..<6])
    }

    @Test("each page but the last leaves room for the carried sum, each but the first for the sum brought")
    func carried() {
        // 100 - 10 carried: 9 rows; then 200 - 10 brought - 10 carried: 18 rows.
        #expect(pages(40) == [0..<9, 9..<27, 27..<40])
    }

    @Test("the last two rows go with the totals")
    func totalsTakeRows() {
        #expect(pages(10, tail: 30) == [0..<8, 8..<10])
        #expect(pages(11, tail: 30) == [0..<9, 9..<11])
    }

    @Test("one row is never left alone")
    func noOrphan() {
        // Without the rule: 0..<9, 9..<10.
        #expect(pages(10, carry: 10, tail: 1) == [0..<8, 8..<10])
        // Room for one row below a long introduction: the table starts on the next page.
        #expect(pages(12, first: 25) == [0..<0, 0..<12])
    }

    @Test("a tail higher than a page moves on alone, rows higher than a page are one page each, and it ends")
    func absurd() {
        #expect(pages(3, tail: 1_000).last?.upperBound == 3)
        #expect(pages(3, height: 900) == [0..<0, 0..<1, 1..<2, 2..<3])
        #expect(pages(0) == [0..<0])
        #expect(pages(1, first: 5) == [0..<0, 0..<1])
    }

    @Test("every row stands on exactly one page, whatever the measures", arguments: 0..<200)
    func complete(seed: Int) {
        var state = UInt64(seed) &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        func dice(_ sides: UInt64) -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double((state >> 33) % sides)
        }
        let heights = (0..<Int(dice(60))).map { _ in dice(90) + 5 }
        let plan = Pagination(
            heights: heights, firstRoom: dice(400), nextRoom: dice(600) + 100, broughtHeight: dice(20),
            carriedHeight: dice(20), tail: dice(700)
        ).pages()
        #expect(plan.flatMap(Array.init) == Array(heights.indices))
    }
}
