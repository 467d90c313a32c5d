// swift-tools-version: 6.2
import PackageDescription

// Lower floors know nothing of higher ones: Ledger < Hospital < Register, Interop < Replication,
// Feeds < Web < permanence.
// Tests/TidyTests holds that.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "permanence",
  products: [
    .executable(name: "permanence", targets: ["permanence"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .target(name: "CJemalloc", linkerSettings: [.linkedLibrary("jemalloc")]),
    .systemLibrary(name: "CZint", providers: [.apt(["libzint-dev"])]),
    .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
    .target(
      name: "Ledger",
      dependencies: [
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "X509", package: "swift-certificates"),
      ],
      swiftSettings: strict),
    .target(
      name: "Hospital",
      dependencies: ["Ledger", "Yams"],
      // A link to Examples/hospital.yaml.
      resources: [.embedInCode("Structure/hospital.yaml"), .embedInCode("Emergency/emergency.yaml")],
      swiftSettings: strict),
    .target(
      name: "Register",
      dependencies: [
        "Hospital", "Ledger",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
        .product(name: "Collections", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .target(
      name: "Interop",
      dependencies: [
        "Hospital", "Ledger",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .target(
      name: "Feeds",
      dependencies: [
        "Hospital", "Interop", "Ledger", "Register",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .target(
      name: "Web",
      dependencies: [
        "Feeds", "Hospital", "Ledger", "Register", "Interop", "CZint", "Yams",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Logging", package: "swift-log"),
      ],
      resources: [
        .embedInCode("Resources"),
        .embedInCode("Layout/Texts"), .embedInCode("Paper/pack.css"), .embedInCode("Paper/pack.mustache"),
        .embedInCode("Paper/pack-emergency.mustache"), .embedInCode("Paper/pack-form.mustache"),
        .embedInCode("Paper/pack-phones.mustache"), .embedInCode("Paper/pack-procedures.mustache"),
        .embedInCode("Paper/pack-unit.mustache"),
        .embedInCode("Layout/problem.mustache"), .embedInCode("Layout/field.mustache"),
        .embedInCode("Layout/form.mustache"), .embedInCode("Conflicts/conflicts.mustache"),
        .embedInCode("Conflicts/conflict.mustache"), .embedInCode("Conflicts/conflict-sides.mustache"),
        .embedInCode("Carrier/carrier.mustache"), .embedInCode("Conflicts/aside.mustache"),
        .embedInCode("Coding/coding.mustache"), .embedInCode("Coverage/coverage.mustache"),
        .embedInCode("Crisis/care.mustache"), .embedInCode("Crisis/mode.mustache"),
        .embedInCode("Emergency/emergency.css"), .embedInCode("Emergency/emergency-board.mustache"),
        .embedInCode("Emergency/emergency-letter.mustache"), .embedInCode("Emergency/emergency-orient.mustache"),
        .embedInCode("Emergency/emergency-visit.mustache"), .embedInCode("Flow/emergency-flow.mustache"),
        .embedInCode("Home/home.mustache"),
        .embedInCode("Staff/account.mustache"), .embedInCode("Staff/account-cards.mustache"),
        .embedInCode("Staff/audit.mustache"), .embedInCode("Staff/sign-in.mustache"),
        .embedInCode("Staff/staff.mustache"), .embedInCode("Staff/welcome.mustache"),
        .embedInCode("Layout/resume.mustache"), .embedInCode("Layout/sectioned-form.mustache"),
        .embedInCode("Identity/patient.mustache"),
        .embedInCode("Stays/stay.mustache"), .embedInCode("Identity/merge.mustache"),
        .embedInCode("Identity/to-confirm.mustache"), .embedInCode("Identity/link.mustache"),
        .embedInCode("Identity/links.mustache"),
        .embedInCode("Admissions/admissions.mustache"), .embedInCode("Admissions/admissions.css"),
        .embedInCode("Appointments/awaited.mustache"), .embedInCode("Appointments/awaited-print.mustache"),
        .embedInCode("Beds/board.css"), .embedInCode("Beds/bed-board.mustache"), .embedInCode("Beds/bed.mustache"),
        .embedInCode("Beds/bed-act.mustache"), .embedInCode("Beds/bed-new.mustache"),
        .embedInCode("BedRequests/bed-requests.mustache"), .embedInCode("Enquiries/enquiries.mustache"),
        .embedInCode("Paper/paper.mustache"), .embedInCode("Paper/paper-sheet.mustache"),
        .embedInCode("Paper/paper-block.mustache"),
        .embedInCode("Rounds/rounds.mustache"), .embedInCode("Rounds/round-unit.mustache"),
        .embedInCode("Rounds/round-sheets.mustache"), .embedInCode("RPU/rpu.mustache"),
        .embedInCode("Live/Script"),
        .embedInCode("Print/print.css"), .embedInCode("Print/labels.mustache"),
        .embedInCode("Print/wristband.mustache"), .embedInCode("Print/by-hand.mustache"),
        .embedInCode("Units/units.mustache"), .embedInCode("Units/unit-list.mustache"),
        .embedInCode("Units/unit-print.mustache"), .embedInCode("Vault/vault.mustache"),
        .embedInCode("Exchanges/exchanges.mustache"), .embedInCode("Exchanges/exchange.mustache"),
        .embedInCode("Exchanges/handback.mustache"), .embedInCode("Return/return.mustache"),
        .embedInCode("Return/difference.mustache"),
        .embedInCode("Exchanges/reentry.mustache"), .embedInCode("Exchanges/reentry-screen.mustache"),
        .embedInCode("Exchanges/handback-message.mustache"),
        .embedInCode("Transfers/transfers.mustache"), .embedInCode("Transfers/transfer-out.mustache"),
        .embedInCode("Transfers/partner.mustache"), .embedInCode("Transfers/liaison.mustache"),
        .embedInCode("Notice/notice.mustache"), .embedInCode("Notice/notice-version.mustache"),
        .embedInCode("Notice/notice-site.mustache"), .embedInCode("Notice/notice-sheet.mustache"),
      ],
      swiftSettings: strict),
    .target(
      name: "Replication",
      dependencies: [
        "CZstd", "Ledger", "Register",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "permanence",
      dependencies: [
        "CJemalloc", "Feeds", "Hospital", "Interop", "Ledger", "Register", "Replication", "Web",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "signatures", dependencies: [.product(name: "Crypto", package: "swift-crypto")],
      path: "Benchmarks/signatures", swiftSettings: strict),
    .target(name: "Seeded", path: "Tests/Seeded", swiftSettings: strict),
    .testTarget(
      name: "LedgerTests", dependencies: ["Ledger", "Seeded", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict),
    .testTarget(name: "HospitalTests", dependencies: ["Hospital", "Ledger"], swiftSettings: strict),
    .testTarget(
      name: "RegisterTests", dependencies: ["Register", "Hospital", "Ledger", "Seeded"], swiftSettings: strict),
    .target(
      name: "Spoken", dependencies: ["Interop", "Hospital", "Ledger"], path: "Tests/Spoken", swiftSettings: strict),
    .testTarget(
      name: "InteropTests", dependencies: ["Interop", "Hospital", "Ledger", "Seeded", "Spoken"], swiftSettings: strict),
    .testTarget(
      name: "FeedsTests",
      dependencies: [
        "Feeds", "Interop", "Register", "Hospital", "Ledger", "Seeded", "Spoken",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "WebTests",
      dependencies: [
        "Feeds", "Web", "Register", "Interop", "Hospital", "Ledger", "Spoken",
        .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SimulationTests",
      dependencies: [
        "Replication", "Register", "Hospital", "Ledger", "Seeded",
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
        .product(name: "Logging", package: "swift-log"),
      ],
      path: "Tests/Simulation", swiftSettings: strict),
    .testTarget(
      name: "ReplicationTests",
      dependencies: [
        "Replication", "Register", "Hospital", "Ledger", "Seeded",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "X509", package: "swift-certificates"),
      ],
      swiftSettings: strict),
    .testTarget(name: "SealingTests", dependencies: ["Replication", "Ledger", "Seeded"], swiftSettings: strict),
    .testTarget(name: "TidyTests", dependencies: ["Ledger"], swiftSettings: strict),
  ]
)
