import Ledger
import Synchronization

/// Who sends or asks, as the station has heard it since it started; or to whom this station sends, as it was answered.
public struct Feed: Sendable, Equatable {
  /// The address it comes from, without its port; the one that is sent to, with it; the account of a program that asks.
  public var host: String
  /// `application|facility` of its messages, empty before the first; of the receiver, where it has a name.
  public var sender: String
  public var since: Instant
  public var connections = 0
  public var lastMessageAt: Instant?
  public var counts = FeedCounts()
  /// Messages in the last minute.
  public var perMinute = 0
}

/// What became of messages. Each counts once.
public struct FeedCounts: Sendable, Equatable {
  public var accepted = 0
  public var warned = 0
  public var ignored = 0
  public var refused = 0
  public var duplicates = 0
  /// Not kept for a reason of this station's own; the sender was told to try again.
  public var failed = 0

  package init() {}

  public var all: Int { accepted + warned + ignored + refused + duplicates + failed }

  package mutating func add(_ outcome: Reception.Outcome) {
    switch outcome {
    case .taken(_, isRepeated: true): duplicates += 1
    case .taken(let warnings, isRepeated: false):
      if warnings.isEmpty { accepted += 1 } else { warned += 1 }
    case .ignored: ignored += 1
    case .refused: refused += 1
    case .failed: failed += 1
    }
  }
}

/// Keeps account of feeds, one entry for each address and sender: senders that connect anew for each message are one.
public final class FeedBook: Sendable {
  /// Whoever invents more names than this counts under none.
  static let feedsMax = 1000

  package struct Key: Hashable, Sendable {
    var host: String
    var sender: String
  }

  private struct Entry {
    var feed: Feed
    /// The minute that runs, since 1970, and how many messages came in it and in the one before.
    var minute: Int64 = 0
    var now = 0
    var before = 0

    mutating func turn(to minute: Int64) {
      guard minute != self.minute else { return }
      before = minute == self.minute + 1 ? now : 0
      (self.minute, now) = (minute, 0)
    }

    mutating func count(at instant: Instant) {
      feed.lastMessageAt = instant
      turn(to: instant.milliseconds / 60_000)
      now += 1
    }
  }

  private let entries = Mutex<[Key: Entry]>([:])
  private let closings = Mutex<[Closing: Int]>([:])

  /// Why connections were closed by this station.
  public enum Closing: String, Sendable, CaseIterable {
    /// More than so many at once.
    case tooMany
    /// A block without an end.
    case endless
    /// A block begun, or an answer unread, for too long.
    case stalled
    /// Long blocks without an end on too many connections at once.
    case crowded
  }

  public init() {}

  /// Those heard last come first.
  public func feeds(at now: Instant) -> [Feed] {
    entries.withLock { entries in
      entries.values.map { entry in
        var entry = entry
        let (minute, elapsed) = now.milliseconds.quotientAndRemainder(dividingBy: 60_000)
        entry.turn(to: minute)
        entry.feed.perMinute = entry.now + entry.before * Int(60_000 - elapsed) / 60_000
        return entry.feed
      }
    }.sorted { ($0.lastMessageAt ?? $0.since) > ($1.lastMessageAt ?? $1.since) }
  }

  public func closed(_ reason: Closing) -> Int { closings.withLock { $0[reason] ?? 0 } }

  func close(_ reason: Closing) { closings.withLock { $0[reason, default: 0] += 1 } }

  package func open(_ host: String, sender: String = "", at now: Instant) -> Key {
    change(Key(host: host, sender: sender), now) { $0.feed.connections += 1 }
  }

  package func end(_ key: Key) {
    entries.withLock { entries in
      entries[key]?.feed.connections -= 1
      // Nobody asks later who connected and said nothing.
      if let left = entries[key]?.feed, left.connections == 0, left.sender.isEmpty, left.counts.all == 0 {
        entries[key] = nil
      }
    }
  }

  /// Counts what came on a connection that went under `key` so far; gives the one it goes under from now on.
  func count(_ received: [Reception.Received], on key: Key, at now: Instant) -> Key {
    var key = key
    for message in received {
      let sender = message.envelope.control.isEmpty ? key.sender : message.envelope.sender
      if !sender.sameBytes(as: key.sender) {
        end(key)
        key = change(Key(host: key.host, sender: String(sender.prefix(100))), now) { $0.feed.connections += 1 }
      }
      key = change(key, now) { entry in
        entry.feed.counts.add(message.outcome)
        entry.count(at: now)
      }
    }
    return key
  }

  /// Counts what was answered to a message that went.
  package func count(isTaken: Bool, on key: Key, at now: Instant) {
    _ = change(key, now) { entry in
      if isTaken { entry.feed.counts.accepted += 1 } else { entry.feed.counts.refused += 1 }
      entry.count(at: now)
    }
  }

  /// Counts what was answered to somebody who asks, whatever their connections.
  package func count(isTaken: Bool, of asker: String, at now: Instant) {
    count(isTaken: isTaken, on: Key(host: asker, sender: ""), at: now)
  }

  private func change(_ key: Key, _ now: Instant, _ body: (inout Entry) -> Void) -> Key {
    entries.withLock { entries in
      let isKnown = entries[key] != nil || entries.count < Self.feedsMax
      let key = isKnown ? key : Key(host: "", sender: "")
      body(&entries[key, default: Entry(feed: Feed(host: key.host, sender: key.sender, since: now))])
      return key
    }
  }
}
