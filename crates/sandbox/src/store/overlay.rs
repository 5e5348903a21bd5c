//! A view of a file that keeps all writes in memory.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use redb::StorageBackend;
use redb::backends::FileBackend;

const BLOCK: u64 = 4096;

/// A file, and the written blocks in memory. A written block replaces the block of the file.
#[derive(Debug)]
pub(super) struct Overlay {
    file: FileBackend,
    written: Mutex<Written>,
}

#[derive(Debug)]
struct Written {
    length: u64,
    /// From the file, the overlay reads only bytes before this position.
    from_file: u64,
    blocks: BTreeMap<u64, Vec<u8>>,
}

impl Overlay {
    pub fn new(file: FileBackend) -> io::Result<Self> {
        let length = file.len()?;
        Ok(Self {
            file,
            written: Mutex::new(Written {
                length,
                from_file: length,
                blocks: BTreeMap::new(),
            }),
        })
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn block(&self, written: &Written, number: u64) -> io::Result<Vec<u8>> {
        if let Some(block) = written.blocks.get(&number) {
            return Ok(block.clone());
        }
        let start = number * BLOCK;
        let end = (start + BLOCK).min(written.from_file);
        let mut block = vec![0; usize::try_from(BLOCK).unwrap_or_default()];
        let there = usize::try_from(end.saturating_sub(start)).unwrap_or_default();
        if there > 0 {
            self.file.read(start, &mut block[..there])?;
        }
        Ok(block)
    }
}

/// Splits a range of bytes at the borders of the blocks. Each part has three values: the number of its block, its
/// position within the block, and its range relative to `offset`.
fn parts(offset: u64, length: usize) -> impl Iterator<Item = (u64, usize, std::ops::Range<usize>)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        if done == length {
            return None;
        }
        let at = offset + done as u64;
        let within = usize::try_from(at % BLOCK).unwrap_or_default();
        let room = usize::try_from(BLOCK).unwrap_or_default() - within;
        let part = done..length.min(done + room);
        done = part.end;
        Some((at / BLOCK, within, part))
    })
}

impl StorageBackend for Overlay {
    fn len(&self) -> io::Result<u64> {
        Ok(self.written().length)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let written = self.written();
        if offset + out.len() as u64 > written.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        for (number, within, part) in parts(offset, out.len()) {
            let block = self.block(&written, number)?;
            let length = part.len();
            out[part].copy_from_slice(&block[within..within + length]);
        }
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut written = self.written();
        if length < written.length {
            written.from_file = written.from_file.min(length);
            let cut = length.div_ceil(BLOCK);
            written.blocks.retain(|number, _| *number < cut);
            // If the file grows again, the removed bytes must be zero.
            if !length.is_multiple_of(BLOCK) {
                let mut block = self.block(&written, length / BLOCK)?;
                block[usize::try_from(length % BLOCK).unwrap_or_default()..].fill(0);
                written.blocks.insert(length / BLOCK, block);
            }
        }
        written.length = length;
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut written = self.written();
        for (number, within, part) in parts(offset, data.len()) {
            let mut block = self.block(&written, number)?;
            block[within..within + part.len()].copy_from_slice(&data[part]);
            written.blocks.insert(number, block);
        }
        Ok(())
    }
}
