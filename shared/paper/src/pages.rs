//! Puts slabs on pages: keeps together what belongs together, and repeats the heads of tables.

use crate::flow::Slab;
use crate::style::BODY_HEIGHT;

/// A slab on a page, by its distance from the top of the body.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) top: f32,
    pub(crate) slab: Slab,
}

/// The pages, at least one.
pub(crate) fn paginate(slabs: Vec<Slab>) -> Vec<Vec<Placed>> {
    let mut pages = vec![Vec::new()];
    let mut below = 0.0;
    let mut slabs = slabs.into_iter().peekable();
    while slabs.peek().is_some() {
        let mut group = Vec::new();
        for slab in slabs.by_ref() {
            let last = !slab.with_next;
            group.push(slab);
            if last {
                break;
            }
        }
        let height: f32 = group.iter().map(|slab| slab.before + slab.height).sum();
        let fits_a_page = height + repeated(&group[0]) <= BODY_HEIGHT;
        if below > 0.0 && below + height > BODY_HEIGHT && fits_a_page {
            pages.push(Vec::new());
            below = 0.0;
        }
        for slab in group {
            if below > 0.0 && below + slab.before + slab.height > BODY_HEIGHT {
                pages.push(Vec::new());
                below = 0.0;
            }
            place(slab, &mut below, &mut pages);
        }
    }
    pages
}

fn repeated(slab: &Slab) -> f32 {
    slab.repeat.as_ref().map_or(0.0, |head| head.height)
}

fn place(slab: Slab, below: &mut f32, pages: &mut [Vec<Placed>]) {
    let Some(page) = pages.last_mut() else { return };
    if page.is_empty() {
        if let Some(head) = &slab.repeat {
            page.push(Placed { top: 0.0, slab: Slab::clone(head) });
            *below = head.height;
        }
    } else {
        *below += slab.before;
    }
    let top = *below;
    *below += slab.height;
    page.push(Placed { top, slab });
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    fn slab(height: f32, with_next: bool) -> Slab {
        Slab { height, with_next, ..Slab::default() }
    }

    fn tops(slabs: Vec<Slab>) -> Vec<Vec<f32>> {
        paginate(slabs).iter().map(|page| page.iter().map(|placed| placed.top).collect()).collect()
    }

    #[test]
    fn what_is_kept_with_the_next_moves_with_it() {
        let third = BODY_HEIGHT / 3.0;
        let slabs = vec![slab(third * 2.0, false), slab(third / 2.0, true), slab(third, false)];
        assert_eq!(tops(slabs), [vec![0.0], vec![0.0, third / 2.0]]);
    }

    #[test]
    fn the_head_of_a_table_is_repeated() {
        let head = Rc::new(slab(10.0, true));
        let row = Slab { repeat: Some(Rc::clone(&head)), ..slab(BODY_HEIGHT - 10.0, false) };
        assert_eq!(tops(vec![slab(10.0, true), row.clone(), row]), [[0.0, 10.0], [0.0, 10.0]]);
    }

    #[test]
    fn nothing_is_one_page_and_too_much_is_split() {
        assert_eq!(paginate(Vec::new()).len(), 1);
        let long = (0..100).map(|_| slab(BODY_HEIGHT / 10.0, true)).collect();
        let pages = paginate(long);
        assert!(pages.iter().all(|page| page.last().unwrap().top < BODY_HEIGHT));
        assert!(pages.len() >= 10);
    }
}
