import Hospital

extension Reading {
  public func rpuDelivery(_ id: String) throws -> RPUDelivery? { try States.one(id, db) as? RPUDelivery }
}
