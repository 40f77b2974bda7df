"""Tables of the cache.

`entries` holds what lists show and is read only for visible rows. `facts` holds what filters and
orders need, and the index `facts_by_row` all of it but the long texts, so that any condition is one
pass over a third of the data: ⏱ 8 ms at 100,000 instead of 25. `version` is the generation in
`settled` at the row's last change, null since the cache was filled, `updated` the newest clock of the record's fields, in
milliseconds since 1970. `text` is the full-text index, which stores no text: a changed
text gets a new `text_id` and the former one stays, unreachable, until the index is rebuilt, because
SQLite before 3.43 cannot delete from a contentless index. The body is the first column because only
that one needs no mark in each posting: ⏱ an eighth less. `words` lists the words of the index, which
would otherwise have to be read completely. `gone` is
not ordered by ids, among which its documents would lie scattered. `common` lists words of very many articles with their
`share` of all.
"""

# No `Final` here: `fast_listing` imports this module, and typing takes as long as its query.
VERSION = 11
"""Stored as `user_version`; a file with another version is rebuilt."""

TABLES = """
create table entries (
    row integer primary key,
    id text not null,
    url text, title text not null, added text not null, byline text, site text, published text,
    language text, tags text not null, words integer not null, progress real not null,
    finished integer not null, starred integer not null, archived integer not null,
    trashed integer not null, fetch text not null, reason text, highlights integer not null,
    noted integer not null, pictured integer not null, offline integer not null, folder text,
    milliseconds integer not null, counter integer not null, device text not null,
    labels text not null
);

create index entries_with_labels on entries (labels) where labels <> '';

create unique index entries_by_id on entries (id);

create table documents (
    row integer primary key, document text not null, textual integer not null,
    note text not null, quotes text not null
);

create table facts (
    row integer primary key,
    trashed integer not null, state integer not null, starred integer not null,
    archived integer not null, fetch integer not null, highlights integer not null,
    noted integer not null, pictured integer not null, tagged integer not null,
    offline integer not null, words integer not null, minutes integer not null,
    minutes_left integer not null, progress real not null, language text not null,
    site integer not null, byline integer not null, published text not null,
    lot integer not null, version integer, updated integer not null,
    stamp text not null, id text not null, text_id integer
);

create index facts_by_row on facts (
    row, trashed, state, starred, archived, fetch, highlights, noted, pictured, tagged, offline,
    words, minutes, minutes_left, progress, language, site, byline, published
);

create index facts_in_order on facts (stamp desc, id, trashed);

create index facts_by_text on facts (text_id) where text_id is not null;

create index facts_by_site on facts (site, trashed);

create index facts_in_trash on facts (trashed) where trashed = 1;

create index facts_by_version on facts (version) where version is not null;

create index facts_by_update on facts (updated);

create table titles (row integer primary key, key text not null);

create table sites (site integer primary key, key text not null unique, shown text not null);

create table bylines (byline integer primary key, key text not null unique, shown text not null);

create table tags (tag integer primary key, folded text not null unique, shown text not null,
    live integer not null default 0, own integer not null default 0);

create table tagged (
    tag integer, row integer, own integer not null, nested integer not null,
    live integer not null, primary key (tag, row)
) without rowid;

create index tagged_by_row on tagged (row);

create trigger tag_given after insert on tagged when new.live begin
    update tags set live = live + 1, own = own + new.own where tag = new.tag;
end;

create trigger tag_taken after delete on tagged when old.live begin
    update tags set live = live - 1, own = own - old.own where tag = old.tag;
end;

create table journals (
    name text primary key, inode integer not null, size integer not null,
    modified integer not null, changed integer not null, is_read integer not null,
    is_settled integer not null, end integer not null, crc integer not null,
    changes integer not null, has_header integer not null, has_trailer integer not null,
    is_complete integer not null, is_short integer not null, damage integer not null,
    format integer not null
) without rowid;

create table gone (row integer primary key, id text not null unique, document text not null, same text);

create table unindexed (row integer primary key);

create table settled (name text primary key, value text not null) without rowid;

insert into settled values ('version', abs(random() >> 24));

create virtual table text using fts5 (
    body, title, byline, notes, highlights, content='', tokenize='ascii'
);

create table words (word text primary key) without rowid;

create table common (word text primary key, share real not null) without rowid;

insert into text (text, rank) values ('rank', 'bm25(1.0, 8.0, 4.0, 3.0, 3.0)');
"""
