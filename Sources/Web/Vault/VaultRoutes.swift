import Hospital
import Hummingbird
import Ledger
import Register

/// The sealed copies: to whom, where, how old, until when, whether one was restored; and what a restored station still
/// verifies.
enum VaultRoutes: Routes {
  static let operations: [Operation] = [
    .get(
      "/vault", "The sealed copies: where, how old, and whether one was restored",
      answer: .json(
        .object([
          Field(
            "snapshots",
            .list(
              .object([
                Field("station"), Field("target"), Field("path"), Field("at"), Field("lockedUntil", .maybe(.text())),
                Field("patients", .integer()),
              ]))), Field("recipients", .list(.object([Field("purpose"), Field("key"), Field("station")]))),
          Field("newestSealed", .maybe(.text())),
          Field(
            "unsealed",
            .list(.object([Field("target"), Field("kind"), Field("since"), Field("reason")]))),
          Field("proved", .maybe(.text())), Field("failure", .maybe(.text())), Field("unverified", .maybe(.text())),
          Field("percent", .integer()), Field("stopped", .maybe(.text())), Field("missing", .list(.text())),
          Field("unused", .list(.text())),
        ])))
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/vault") { request, context in
      _ = try app.requireSession(request, context)
      let (vault, unverified) = try app.register.read { (try $0.vault(), try $0.unverified()) }
      let standing = app.restoration.standing
      let now = app.environment.now()
      let own = Own(
        failures: try app.register.sealingFailures(now: now),
        newest: try app.register.vaultTargets().compactMap { try app.register.newestSealed(in: $0, now: now) }.max())
      if app.wantsJSON(request) {
        return app.json(json(vault ?? Vault(id: Vault.subject), own, unverified, standing))
      }
      return app.html(
        Page(
          "vault", title: app.texts("vault.title", context.language),
          model: app.model(vault, own, unverified, standing, context.language), live: [Situation.name, Vault.subject]),
        request, context)
    }
  }

  /// What this station itself seals.
  fileprivate struct Own {
    var failures: [SealingFailure]
    /// When the newest copy was sealed from here.
    var newest: Instant?
  }

  private static func json(
    _ vault: Vault, _ own: Own, _ unverified: String?, _ standing: Restoration.Standing
  ) -> JSON {
    [
      "snapshots": .array(
        vault.snapshots.map { snapshot in
          [
            "station": .string(snapshot.station), "target": .string(snapshot.target), "path": .string(snapshot.path),
            "at": .string(snapshot.at.text), "lockedUntil": snapshot.lockedUntil.map { .string($0.text) } ?? .null,
            "patients": .integer(snapshot.counts["patients"] ?? 0),
          ]
        }),
      "recipients": .array(
        vault.sealedTo.map {
          [
            "purpose": .string($0.purpose.rawValue), "key": .string($0.publicKey), "station": .string($0.station),
          ]
        }),
      "newestSealed": own.newest.map { .string($0.text) } ?? .null,
      "unsealed": .array(
        own.failures.map {
          [
            "target": .string($0.target), "kind": .string($0.kind.rawValue), "since": .string($0.since.text),
            "reason": .string($0.reason),
          ]
        }),
      "proved": vault.proof.map { .string($0.at.text) } ?? .null,
      "failure": (standing.failure ?? vault.failure?.reason).map { .string($0) } ?? .null,
      "unverified": unverified.map { .string($0) } ?? .null, "percent": .integer(standing.percent),
      "stopped": standing.stopped.map { .string($0) } ?? .null,
      "missing": .array(standing.missing.map { .string($0) }),
      "unused": .array(standing.unused.map { .string($0) }),
    ]
  }
}

extension WebApp {
  fileprivate func model(
    _ vault: Vault?, _ own: VaultRoutes.Own, _ unverified: String?, _ standing: Restoration.Standing,
    _ language: Language
  ) -> [String: any Sendable] {
    let now = environment.now()
    let snapshots = (vault?.snapshots ?? []).map { snapshot -> [String: any Sendable] in
      [
        "station": shortStation(snapshot.station), "target": snapshot.target,
        "at": hours.dayAndTime(snapshot.at, now: now, language),
        "until": snapshot.lockedUntil.map { hours.dayAndTime($0, now: now, language) }
          ?? texts("vault.unlocked", language),
        "patients": String(snapshot.counts["patients"] ?? 0), "beds": String(snapshot.counts["beds"] ?? 0),
      ]
    }
    let recipients = (vault?.sealedTo ?? []).map { recipient -> [String: any Sendable] in
      [
        "what": texts("vault.recipient.\(recipient.purpose.rawValue)", language),
        "station": shortStation(recipient.station), "key": recipient.publicKey,
      ]
    }
    let failures = own.failures.map { failure in
      texts(
        "vault.unsealed.\(failure.kind.rawValue)", language,
        [
          "target": failure.target, "time": hours.dayAndTime(failure.since, now: now, language),
          "reason": failure.reason,
        ])
    }
    return [
      "unsealed": failures, "anyUnsealed": !failures.isEmpty,
      "snapshots": snapshots, "any": !snapshots.isEmpty, "recipients": recipients, "anyRecipient": !recipients.isEmpty,
      "missing": standing.missing, "anyMissing": !standing.missing.isEmpty,
      "unused": standing.unused, "anyUnused": !standing.unused.isEmpty,
    ]
    .adding(
      "newest",
      own.newest.map { texts("vault.newest", language, ["time": hours.dayAndTime($0, now: now, language)]) }
    )
    .adding("proof", vault?.proof.map { proof(of: $0, language) })
    .adding("failure", vault?.failure?.reason)
    .adding("stopped", standing.stopped)
    .adding("otherwise", standing.failure)
    .adding(
      "unverified", unverified.map { _ in texts("vault.unverified", language, ["percent": String(standing.percent)]) })
  }

  /// `copie de 03:12, 612 408 identités, 1 012 lits, restaurée et recomptée`.
  private func proof(of proof: Vault.Proof, _ language: Language) -> String {
    texts(
      "vault.proved", language,
      [
        "time": hours.dayAndTime(proof.sealedAt, now: environment.now(), language),
        "patients": grouped(proof.counts["patients"] ?? 0), "beds": grouped(proof.counts["beds"] ?? 0),
      ])
  }
}
