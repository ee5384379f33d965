// swift-tools-version:6.2
import PackageDescription

// The manifest reads like the table of docs/architecture.md: who may import whom.
let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// The Rules of a slice: pure, module named after the slice.
func rules(_ name: String, path: String? = nil, on dependencies: [String] = []) -> Target {
    .target(
        name: name, dependencies: dependencies.map { .init(stringLiteral: $0) }, path: path ?? "Sources/\(name)/Rules",
        swiftSettings: settings)
}

/// The Desk of a slice: it carries out what its Rules decide, over the books.
func desk(_ name: String, on dependencies: [String] = []) -> Target {
    .target(
        name: "\(name)Desk",
        dependencies: (["Books", "Database", "Ledger", "Money"] + dependencies).map { .init(stringLiteral: $0) },
        path: "Sources/\(name)/Desk", swiftSettings: settings)
}

/// Tests of a target, in Swift Testing.
func tests(_ name: String, on dependencies: [String]) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies.map { .init(stringLiteral: $0) }, path: "Tests/\(name)Tests",
        swiftSettings: settings)
}

let package = Package(
    name: "duly",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    ],
    targets: [
        rules("Money", path: "Sources/Money"),
        rules("Ledger", on: ["Money"]),
        rules("Customers", on: ["Ledger", "Money"]),
        rules("Pricing", on: ["Customers", "Ledger", "Money"]),
        rules("Charges", on: ["Customers", "Ledger", "Money", "Pricing"]),
        rules("Invoicing", on: ["Charges", "Customers", "Ledger", "Money", "Pricing"]),
        rules("Receivables", on: ["Ledger", "Money"]),
        .systemLibrary(
            name: "CLibXML2", path: "Sources/CXML2/System", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .target(name: "CXML2", dependencies: ["CLibXML2"], path: "Sources/CXML2/Shim"),
        rules("Formats", path: "Sources/Formats", on: ["CXML2", "Money"]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "Database", dependencies: ["CSQLite", "CPQ"], swiftSettings: settings),
        .target(
            name: "Books",
            dependencies: ["Database", "Ledger", "Money", .product(name: "Crypto", package: "swift-crypto")],
            resources: [.embedInCode("Schema")], swiftSettings: settings),
        desk("Receivables", on: ["Formats", "Receivables"]),
        rules("CreditControl", on: ["Ledger", "Money"]),
        desk("CreditControl", on: ["CreditControl"]),
        desk("Imports", on: ["Customers", "Formats", "Pricing"]),
        desk("Invoicing", on: ["Charges", "Customers", "Invoicing", "Pricing"]),
        desk("Reports"),
        .executableTarget(
            name: "duly",
            dependencies: [
                "Books", "Charges", "CreditControlDesk", "Database", "Formats", "ImportsDesk", "Invoicing",
                "InvoicingDesk", "Ledger", "Money",
                "Pricing", "Receivables", "ReceivablesDesk", "ReportsDesk",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: settings),
        .target(
            name: "TestSupport", dependencies: ["Database"], path: "Tests/TestSupport", swiftSettings: settings),
        tests("Money", on: ["Money"]),
        tests("Ledger", on: ["Ledger", "Money"]),
        tests("Duly", on: ["duly"]),
        tests("Database", on: ["Database", "TestSupport"]),
        tests("Books", on: ["Books", "Database", "Ledger", "Money", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)
