import GRDB

extension StateDatabase {
  /// A migration that was released never changes; what is new gets one of its own.
  static var schema: DatabaseMigrator {
    var schema = DatabaseMigrator()
    schema.registerMigration("1") { database in
      try database.execute(
        sql: """
          -- Active alerts, pending ones too.
          CREATE TABLE alert (
            fingerprint TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL,
            content BLOB NOT NULL
          ) STRICT;
          -- What each receiver was told.
          CREATE TABLE notification_group (
            receiver TEXT NOT NULL,
            group_key TEXT NOT NULL,
            content BLOB NOT NULL,
            last_sent_at INTEGER NOT NULL,
            PRIMARY KEY (receiver, group_key)
          ) STRICT;
          -- Accepted and not yet delivered, in the order of id.
          CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            idempotency_key TEXT NOT NULL UNIQUE,
            receiver TEXT NOT NULL,
            group_key TEXT NOT NULL,
            notification BLOB NOT NULL,
            payload BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            next_attempt_at INTEGER NOT NULL,
            last_error TEXT
          ) STRICT;
          -- How far each log was counted, and the counts at that place.
          CREATE TABLE log_position (
            path TEXT PRIMARY KEY NOT NULL,
            device INTEGER NOT NULL,
            inode INTEGER NOT NULL,
            offset INTEGER NOT NULL,
            fingerprint BLOB NOT NULL,
            counters BLOB NOT NULL
          ) STRICT;
          -- Small things under a name.
          CREATE TABLE memory (
            key TEXT PRIMARY KEY NOT NULL,
            value BLOB NOT NULL
          ) STRICT;
          """)
    }
    schema.registerMigration("2") { database in
      try database.execute(
        sql: """
          -- Alerts that came over the API.
          CREATE TABLE pushed_alert (
            fingerprint TEXT PRIMARY KEY NOT NULL,
            content BLOB NOT NULL
          ) STRICT;
          CREATE TABLE silence (
            id TEXT PRIMARY KEY NOT NULL,
            content BLOB NOT NULL
          ) STRICT;
          """)
    }
    schema.registerMigration("3") { database in
      try database.execute(
        sql: """
          -- Errors of a log that have one cause.
          CREATE TABLE error_group (
            log TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            kind TEXT NOT NULL,
            count INTEGER NOT NULL,
            first_seen INTEGER NOT NULL,
            last_seen INTEGER NOT NULL,
            content BLOB NOT NULL,
            PRIMARY KEY (log, fingerprint)
          ) STRICT;
          """)
    }
    return schema
  }
}
