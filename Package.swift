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

/// A C library of the system.
func library(_ name: String, _ pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// Tests of a target, in Swift Testing.
func tests(_ name: String, on dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)Tests",
        swiftSettings: settings)
}

/// The program of ./bench that makes papers; nobody else builds it.
let bench: [Target] =
    Context.environment["DULY_BENCH"] == nil
    ? []
    : [
        .executableTarget(
            name: "pdf-papers", dependencies: ["Correspondence", "Ledger", "Money"], path: "tools/bench/pdf_papers",
            swiftSettings: settings)
    ]

let package = Package(
    name: "duly",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
    ],
    targets: [
        // Pure: values in, values out.
        rules("Money", path: "Sources/Money"),
        rules("Ledger", on: ["Money"]),
        rules("Customers", on: ["Ledger", "Money"]),
        rules("Pricing", on: ["Customers", "Ledger", "Money"]),
        rules("Charges", on: ["Customers", "Ledger", "Money", "Pricing"]),
        rules("Invoicing", on: ["Charges", "Customers", "Ledger", "Money", "Pricing"]),
        rules("Receivables", on: ["Ledger", "Money"]),
        rules("CreditControl", on: ["Ledger", "Money"]),
        .target(
            name: "Access", dependencies: ["Ledger", "Money", .product(name: "Crypto", package: "swift-crypto")],
            path: "Sources/Access/Rules", swiftSettings: settings),
        rules("Correspondence", on: ["Ledger", "Money", "Typesetting"]),
        rules("Formats", path: "Sources/Formats", on: ["CHost", "CXLSXWriter", "CXML2", "CZip", "Money"]),
        rules("Demo", path: "Sources/Demo", on: ["Money"]),
        rules("Typesetting", path: "Sources/Typesetting", on: ["CPango", "CQREncode", "Money"]),

        // The C libraries.
        library("CSQLite", "sqlite3", apt: "libsqlite3-dev"),
        library("CPQ", "libpq", apt: "libpq-dev"),
        library("CCurl", "libcurl", apt: "libcurl4-openssl-dev"),
        library("CPango", "pangocairo", apt: "libpango1.0-dev"),
        library("CArgon2", "libargon2", apt: "libargon2-dev"),
        library("CQREncode", "libqrencode", apt: "libqrencode-dev"),
        .systemLibrary(
            name: "CLibXML2", path: "Sources/CXML2/System", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(
            name: "CLibZip", path: "Sources/CZip/System", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .systemLibrary(
            name: "CLibXLSXWriter", path: "Sources/CXLSXWriter/System", pkgConfig: "xlsxwriter",
            providers: [.apt(["libxlsxwriter-dev"])]),
        .target(name: "CZip", dependencies: ["CLibXML2", "CLibZip"], path: "Sources/CZip/Shim"),
        .target(name: "CXLSXWriter", dependencies: ["CLibXLSXWriter"], path: "Sources/CXLSXWriter/Shim"),
        .target(name: "CHost"),
        .target(name: "CXML2", dependencies: ["CLibXML2"], path: "Sources/CXML2/Shim"),

        // What knows no billing words.
        .target(name: "Database", dependencies: ["CSQLite", "CHost", "CPQ"], swiftSettings: settings),
        .target(name: "Host", dependencies: ["CHost"], swiftSettings: settings),
        .target(name: "Mail", dependencies: ["CCurl"], swiftSettings: settings),
        .target(
            name: "Outbound", dependencies: ["CCurl", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings),
        .target(
            name: "Web",
            dependencies: [
                "CHost",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
            ], swiftSettings: settings),

        // The books, and the desks over them.
        .target(
            name: "Books",
            dependencies: [
                "CHost", "Database", "Ledger", "Money", .product(name: "Crypto", package: "swift-crypto"),
            ],
            resources: [.embedInCode("Schema")], swiftSettings: settings),
        desk("Invoicing", on: ["Charges", "Customers", "Invoicing", "Pricing"]),
        desk("Receivables", on: ["Formats", "Receivables"]),
        desk("CreditControl", on: ["CreditControl"]),
        desk("Correspondence", on: ["Correspondence", "Mail", "Typesetting"]),
        desk("Imports", on: ["Customers", "Formats", "Pricing"]),
        desk("Reports"),
        desk("Access", on: ["Access", "CArgon2"]),
        .target(name: "Workspace", dependencies: ["Ledger", "Money", "Web"], swiftSettings: settings),
        .executableTarget(
            name: "duly",
            dependencies: [
                "Access", "AccessDesk", "Books", "CHost", "Charges", "Correspondence", "CorrespondenceDesk",
                "CreditControl",
                "CreditControlDesk",
                "Database", "Demo", "Formats", "Host",
                "ImportsDesk", "Invoicing", "InvoicingDesk", "Ledger", "Mail", "Money", "Outbound", "Pricing",
                "Receivables", "ReceivablesDesk", "ReportsDesk", "Typesetting", "Web", "Workspace",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: settings),

        // Tests.
        .target(
            name: "TestSupport", dependencies: ["Database", "Host"], path: "Tests/TestSupport", swiftSettings: settings),
        tests("Money", on: ["Money"]),
        tests("Ledger", on: ["Ledger", "Money"]),
        tests("Host", on: ["Host"]),
        tests("Formats", on: ["Formats", "Host", "Money"]),
        tests("Demo", on: ["Database", "Demo", "Host", "Money", "TestOffice", "TestSupport"]),
        tests(
            "Receivables",
            on: [
                "Books", "Database", "Formats", "InvoicingDesk", "Ledger", "Money", "Receivables", "ReceivablesDesk",
                "ReportsDesk",
                "TestOffice",
            ]),
        tests(
            "Imports",
            on: [
                "Books", "Database", "Formats", "ImportsDesk", "InvoicingDesk", "Ledger", "Money", "ReceivablesDesk",
                "ReportsDesk", "TestOffice", "TestSupport",
            ]),
        tests("Tidy", on: ["Books", "Database", "TestSupport"]),
        tests("Access", on: ["Access", "AccessDesk", "Books", "Database", "Ledger", "Money", "TestSupport"]),
        tests("Mail", on: ["Host", "Mail"]),
        tests("Outbound", on: ["Outbound", "TestSupport"]),
        tests("Typesetting", on: ["Host", "Money", "Typesetting"]),
        tests(
            "Correspondence",
            on: [
                "Books", "Correspondence", "CorrespondenceDesk", "Database", "Host", "Ledger", "Mail", "Money",
                "TestSupport", "Typesetting",
            ]),
        tests(
            "CreditControl",
            on: ["Books", "CreditControl", "CreditControlDesk", "Database", "Ledger", "Money", "TestSupport"]),
        tests("Browser", on: ["Host", "TestSupport"]),
        tests("Web", on: ["Web"]),
        tests("Workspace", on: ["CHost", "Ledger", "Money", "Web", "Workspace"]),
        tests("Database", on: ["Database", "TestSupport"]),
        .target(
            name: "TestOffice",
            dependencies: [
                "Books", "Charges", "Database", "Formats", "Host", "ImportsDesk", "Invoicing", "InvoicingDesk",
                "Ledger",
                "Money", "Receivables", "ReceivablesDesk", "ReportsDesk", "TestSupport",
            ], path: "Tests/TestOffice", swiftSettings: settings),
        tests(
            "Books",
            on: ["Books", "Database", "Invoicing", "Ledger", "Money", "ReceivablesDesk", "TestOffice", "TestSupport"]),
        tests(
            "Invoicing",
            on: [
                "Books", "Charges", "Customers", "Database", "ImportsDesk", "Invoicing", "InvoicingDesk", "Ledger",
                "Money", "Pricing", "ReceivablesDesk", "ReportsDesk", "TestOffice",
            ]),
        tests("Reports", on: ["Books", "Database", "Ledger", "Money", "ReportsDesk", "TestSupport"]),
        tests("Pricing", on: ["Customers", "Ledger", "Money", "Pricing"]),
        tests("Acceptance", on: ["Books", "Database", "Host", "Money", "TestOffice", "TestSupport"]),
        tests(
            "Duly",
            on: [
                "Access", "AccessDesk", "Books", "Database", "Formats", "Host", "ImportsDesk", "Ledger", "Money",
                "Outbound", "ReceivablesDesk", "ReportsDesk", "TestOffice", "TestSupport", "Web", "Workspace", "duly",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        tests(
            "Simulation",
            on: [
                "Books", "Database", "ImportsDesk", "Invoicing", "InvoicingDesk", "Ledger", "Money", "Receivables",
                "ReceivablesDesk", "ReportsDesk", "TestOffice",
            ]),
        tests("Kill", on: ["Books", "Database", "Demo", "Host", "Ledger", "Money", "TestSupport", "duly"]),
    ] + bench,
    swiftLanguageModes: [.v6]
)
