import AccessDesk
import Database
import Testing

@testable import duly

@Suite("Sellers that somebody may not see") struct OtherSellersTests {
    @Test("another seller's data cannot be reached by address, number or search", arguments: FrontDoor.engines)
    func otherSellers(engine: Engine) async throws {
        let door = try await FrontDoor(engine)
        try await GateTests.addCustomer("K-7", to: door.database)
        let all = try await door.enter("sales")
        #expect(await door.get("/api/customers/K-7", cookie: all).status == 200)
        try await door.desk.limit("sales", sellers: ["NL"], portfolio: nil, by: "test")
        for place in ["/api/customers/K-7", "/customers/K-7"] {
            #expect(await door.get(place, cookie: all).status == 404, "\(place)")
        }
        #expect(await door.get("/api/customers/K-7?seller=DE", cookie: all).status == 422)
        #expect(await door.get("/api/today?seller=DE", cookie: all).status == 422)
        let today = await door.get("/api/today", cookie: all).text
        #expect(today.contains("\"NL\"") && !today.contains("Uferlicht DE"))
        #expect(await !door.get("/api/search?q=K-7", cookie: all).text.contains("\"K-7\",\"open"))
        try await door.desk.limit("sales", sellers: [], portfolio: nil, by: "test")
        #expect(await door.get("/api/today", cookie: all).status == 422)
    }
}
