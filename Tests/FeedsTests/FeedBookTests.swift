import Feeds
import Ledger
import Testing

/// The account that is kept of a connection on which this station sends.
@Suite struct FeedBookTests {
  private static let minute = Instant(milliseconds: 1_661_043_600_000)

  @Test func whatWasSentAndAnswered() throws {
    let book = FeedBook()
    let key = book.open("10.0.2.4:2575", sender: "GAM|CH", at: Self.minute)
    for (second, isTaken) in [true, true, false].enumerated() {
      book.count(isTaken: isTaken, on: key, at: Self.minute.adding(seconds: second))
    }
    let feed = try #require(book.feeds(at: Self.minute.adding(seconds: 3)).first)
    #expect(feed.host == "10.0.2.4:2575" && feed.sender == "GAM|CH" && feed.connections == 1)
    #expect((feed.counts.accepted, feed.counts.refused, feed.perMinute) == (2, 1, 3))
    #expect(feed.lastMessageAt == Self.minute.adding(seconds: 2))
    book.end(key)
    // It is told of still, and goes on counting when it is opened again.
    let again = book.open("10.0.2.4:2575", sender: "GAM|CH", at: Self.minute.adding(seconds: 600))
    book.count(isTaken: true, on: again, at: Self.minute.adding(seconds: 600))
    let feeds = book.feeds(at: Self.minute.adding(seconds: 600))
    #expect(feeds.map(\.connections) == [1] && feeds.map(\.counts.accepted) == [3] && feeds.map(\.perMinute) == [1])
    #expect(feeds.map(\.since) == [Self.minute])
  }
}
