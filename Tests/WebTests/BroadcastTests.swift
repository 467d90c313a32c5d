import Synchronization
import Testing
import Web

@Suite struct BroadcastTests {
  @Test func everyListenerHearsTheSameBytes() async {
    let broadcast = Broadcast(epoch: "e")
    let streams = (0..<300).map { _ in broadcast.listen(after: nil) }
    broadcast.send("unit", "<section>\n<b></b></section>")
    for stream in streams {
      var frames = stream.makeAsyncIterator()
      _ = await frames.next()
      let frame = await frames.next()
      #expect(frame.map(text) == "id: e-1\nevent: unit\ndata: <section>\ndata: <b></b></section>\n\n")
    }
  }

  @Test func oneWhoComesBackGetsWhatWasMissed() async {
    let broadcast = Broadcast(epoch: "e")
    for number in 1...5 { broadcast.send("unit", String(number)) }
    var frames = broadcast.listen(after: "e-3").makeAsyncIterator()
    _ = await frames.next()
    let caughtUp = await frames.next().map(text) ?? ""
    #expect(caughtUp.contains("data: 4\n") && caughtUp.contains("data: 5\n") && !caughtUp.contains("data: 3\n"))
  }

  @Test(arguments: ["e-1", "other-5", "nonsense", "e-99999", "e-"])
  func oneWhoseGapIsUnknownIsToldToLoadAgain(last: String) async {
    let broadcast = Broadcast(epoch: "e")
    for number in 0..<(Broadcast.missedEventsMax + 10) { broadcast.send("unit", String(number)) }
    var frames = broadcast.listen(after: last).makeAsyncIterator()
    _ = await frames.next()
    let frame = await frames.next().map(text) ?? ""
    #expect(frame.contains("event: reload"))
  }

  /// The others must not wait for it, and it must not fill the memory.
  @Test func oneWhoDoesNotReadIsCutOff() async {
    let broadcast = Broadcast(epoch: "e")
    let slow = broadcast.listen(after: nil)
    for number in 0..<1000 { broadcast.send("unit", String(number)) }
    #expect(broadcast.listenerCount == 0)
    var frames = 0
    for await _ in slow { frames += 1 }
    #expect(frames == Broadcast.waitingFramesMax)
  }

  /// A session that ended elsewhere shows no more names.
  @Test func whoIsWelcomeNoMoreHearsNothingFurther() async {
    let broadcast = Broadcast(epoch: "e")
    let isOpen = Mutex(true)
    let stream = broadcast.listen(after: nil) { isOpen.withLock { $0 } }
    broadcast.beat()
    #expect(broadcast.listenerCount == 1)
    isOpen.withLock { $0 = false }
    broadcast.beat()
    broadcast.send("unit", "MARTIN")
    #expect(broadcast.listenerCount == 0)
    var frames: [String] = []
    for await frame in stream { frames.append(text(frame)) }
    #expect(frames == ["retry: 2000\n: \n\n", ": \n\n"])
  }

  @Test func aCarriageReturnBeginsNoOtherEvent() async {
    let broadcast = Broadcast(epoch: "e")
    var frames = broadcast.listen(after: nil).makeAsyncIterator()
    _ = await frames.next()
    broadcast.send("unit", "a\r\revent: reload\ndata: x")
    let frame = await frames.next().map(text) ?? ""
    #expect(frame.split(separator: "\n").filter { $0.hasPrefix("event:") }.count == 1)
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
