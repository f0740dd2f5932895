//! What the kernel knows of a process: the time it has worked, and the memory it holds.

use std::fs;
use std::time::Duration;

use anyhow::Context;

/// The unit of times in `/proc`: a hundredth of a second, on every Linux.
const TICK: Duration = Duration::from_millis(10);

/// A process and, if so asked, those it has started.
#[derive(Clone, Copy, Debug)]
pub struct Process {
    id: i32,
    children: bool,
}

/// Memory in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    /// What it holds in RAM, with what it shares.
    pub resident: u64,
    /// The same, what is shared being divided among those who share it.
    pub proportional: u64,
    /// The most that was ever resident, since [`Process::forget_peak`].
    pub peak: u64,
}

/// Of a line of `/proc/<pid>/stat`: the parent, own time, time of children that have ended.
struct Stat {
    parent: i32,
    own: u32,
    ended: u32,
}

impl Stat {
    fn read(id: &str) -> Option<Self> {
        let line = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // The name stands in brackets and may hold anything; numbers begin behind it with field 3.
        let numbers: Vec<i64> = line.rsplit_once(')')?.1.split_whitespace().map(|field| field.parse().unwrap_or_default()).collect();
        let field = |number: usize| numbers.get(number - 3).copied().unwrap_or_default();
        let ticks = |one, two| u32::try_from(field(one) + field(two)).unwrap_or_default();
        Some(Self { parent: i32::try_from(field(4)).unwrap_or_default(), own: ticks(14, 15), ended: ticks(16, 17) })
    }
}

impl Process {
    /// One process alone.
    pub fn alone(id: i32) -> Self {
        Self { id, children: false }
    }

    /// One process with its children, dead or alive: a PostgreSQL server.
    pub fn tree(id: i32) -> Self {
        Self { id, children: true }
    }

    /// The time it has worked.
    pub fn worked(self) -> Duration {
        let own = Stat::read(&self.id.to_string()).map_or(0, |stat| if self.children { stat.own + stat.ended } else { stat.own });
        let alive = if self.children { self.living_children() } else { 0 };
        TICK * (own + alive)
    }

    fn living_children(self) -> u32 {
        let Ok(entries) = fs::read_dir("/proc") else { return 0 };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        names
            .filter(|name| name.bytes().all(|b| b.is_ascii_digit()))
            .filter_map(|name| Stat::read(&name))
            .filter(|stat| stat.parent == self.id)
            .map(|stat| stat.own)
            .sum()
    }

    /// The memory it holds now.
    pub fn memory(self) -> anyhow::Result<Memory> {
        let id = self.id;
        let kilobytes = |file: &str, name: &str| -> anyhow::Result<u64> {
            let text = fs::read_to_string(format!("/proc/{id}/{file}")).with_context(|| format!("/proc/{id}/{file} cannot be read"))?;
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).unwrap_or_default();
            Ok(line.split_whitespace().next().and_then(|number| number.parse::<u64>().ok()).unwrap_or_default() * 1024)
        };
        Ok(Memory {
            resident: kilobytes("smaps_rollup", "Rss")?,
            proportional: kilobytes("smaps_rollup", "Pss")?,
            peak: kilobytes("status", "VmHWM")?,
        })
    }

    /// Lets the peak of its memory begin anew.
    pub fn forget_peak(self) -> anyhow::Result<()> {
        fs::write(format!("/proc/{}/clear_refs", self.id), "5").context("the peak of memory cannot be reset")
    }
}

/// The time that programs worked which this process started and waited for.
pub fn ended_children() -> Duration {
    Stat::read("self").map_or(Duration::ZERO, |stat| TICK * stat.ended)
}

/// The time that this process has worked itself.
pub fn own() -> Duration {
    Stat::read("self").map_or(Duration::ZERO, |stat| TICK * stat.own)
}
