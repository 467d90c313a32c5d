import NIOCore

/// Runs a task on a connection's own event loop: what waits for an answer goes on where that answer was read, and no
/// thread wakes another for it. Whatever runs here must not wait for a disk.
final class LoopExecutor: TaskExecutor {
  private let loop: any EventLoop

  init(_ loop: any EventLoop) { self.loop = loop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
