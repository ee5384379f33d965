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

/// Tests of a target, in Swift Testing.
func tests(_ name: String, on dependencies: [String]) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies.map { .init(stringLiteral: $0) }, path: "Tests/\(name)Tests",
        swiftSettings: settings)
}

let package = Package(
    name: "duly",
    targets: [
        rules("Money", path: "Sources/Money"),
        rules("Ledger", on: ["Money"]),
        tests("Money", on: ["Money"]),
        tests("Ledger", on: ["Ledger", "Money"]),
    ],
    swiftLanguageModes: [.v6]
)
