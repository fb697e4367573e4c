-- Messages shown in no mailbox: deleted here and not yet there, or between two mailboxes. They are
-- few, so a search asks who of its hits is hidden, and not of each hit where it is shown. Kept by the
-- placements themselves, so that no writer can forget it.
CREATE TABLE hidden (message_id INTEGER PRIMARY KEY) STRICT;
INSERT INTO hidden SELECT id FROM message m
WHERE NOT EXISTS (SELECT 1 FROM placement p WHERE p.message_id = m.id AND p.mailbox_id IS NOT NULL);
CREATE TRIGGER hidden_at_first AFTER INSERT ON message BEGIN
    INSERT INTO hidden VALUES (NEW.id);
END;
CREATE TRIGGER hidden_at_last AFTER DELETE ON message BEGIN
    DELETE FROM hidden WHERE message_id = OLD.id;
END;
CREATE TRIGGER hidden_no_more AFTER INSERT ON placement WHEN NEW.mailbox_id IS NOT NULL BEGIN
    DELETE FROM hidden WHERE message_id = NEW.message_id;
END;
CREATE TRIGGER hidden_by_removal AFTER DELETE ON placement WHEN OLD.mailbox_id IS NOT NULL BEGIN
    INSERT OR IGNORE INTO hidden SELECT id FROM message WHERE id = OLD.message_id
        AND NOT EXISTS (SELECT 1 FROM placement p WHERE p.message_id = OLD.message_id AND p.mailbox_id IS NOT NULL);
END;
CREATE TRIGGER hidden_by_move AFTER UPDATE OF mailbox_id, message_id ON placement
    WHEN OLD.mailbox_id IS NOT NEW.mailbox_id OR OLD.message_id <> NEW.message_id BEGIN
    DELETE FROM hidden WHERE message_id = NEW.message_id AND NEW.mailbox_id IS NOT NULL;
    INSERT OR IGNORE INTO hidden SELECT id FROM message WHERE id IN (OLD.message_id, NEW.message_id)
        AND NOT EXISTS (SELECT 1 FROM placement p WHERE p.message_id = message.id AND p.mailbox_id IS NOT NULL);
END;
