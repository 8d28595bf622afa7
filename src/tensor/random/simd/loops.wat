;; The loops in which the time of random numbers goes: the Mersenne Twister on four words at once, and the arithmetic of
;; normal.ts on two numbers at once. loops-code.ts is this file, assembled.
;;
;; Floats are computed in doubles that hold float32 values: a double's product of two is exact, and demoting a sum rounds
;; it to float32. Where a fused multiply-add needs that, the sum is rounded twice, which is wrong only if the first
;; rounding made it half-way between two float32: its low 29 bits are then a one and zeros. Such sums are only noticed
;; here: the loops return whether there was one, and the caller computes the numbers again, with more care.
;;
;; The loops write up to 15 bytes past a target, so the caller leaves that much room.
(module
  ;; 0: the twister's 624 words, and room for the next 624. 5120: the constants of normal.ts, as doubles: nine of the
  ;; logarithm, three of the angle's reduction, cosine's and sine's in turn, √½, ln 2 in two parts, 2π, 4/π.
  ;; 8192: what the caller fills and reads.
  (memory (export "memory") 2)

  ;; The next 624 words in place of the old, `count` times.
  (func $twist (export "twist") (param $count i32)
    (local $at i32) (local $near v128) (local $low v128)
    (loop $again
      (local.set $at (i32.const 0))
      (loop $four
        ;; The words 1 on, and 397 on, which may be new ones.
        (local.set $low (v128.load offset=4 (local.get $at)))
        (local.set $near
          (v128.or
            (v128.and
              (v128.load (local.get $at))
              (v128.const i32x4 0x80000000 0x80000000 0x80000000 0x80000000))
            (v128.and (local.get $low) (v128.const i32x4 0x7fffffff 0x7fffffff 0x7fffffff 0x7fffffff))))
        (v128.store offset=2496 (local.get $at)
          (v128.xor
            (v128.xor (v128.load offset=1588 (local.get $at)) (i32x4.shr_u (local.get $near) (i32.const 1)))
            (v128.and
              (i32x4.neg (v128.and (local.get $low) (v128.const i32x4 1 1 1 1)))
              (v128.const i32x4 0x9908b0df 0x9908b0df 0x9908b0df 0x9908b0df))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $four (i32.lt_u (local.get $at) (i32.const 2496))))
      (memory.copy (i32.const 0) (i32.const 2496) (i32.const 2496))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br_if $again (local.get $count))))

  ;; Writes `count` words from word `next` of the state on, tempered; as multiples of 2⁻²⁴ if they are to be `uniform`.
  ;; Returns the next word.
  (func (export "draw") (param $next i32) (param $target i32) (param $count i32) (param $uniform i32) (result i32)
    (local $block i32) (local $at i32) (local $end i32) (local $word v128)
    (loop $blocks
      (if (i32.eq (local.get $next) (i32.const 624))
        (then
          (call $twist (i32.const 1))
          (local.set $next (i32.const 0))))
      (local.set $block (i32.sub (i32.const 624) (local.get $next)))
      (if (i32.lt_u (local.get $count) (local.get $block)) (then (local.set $block (local.get $count))))
      (local.set $at (i32.shl (local.get $next) (i32.const 2)))
      (local.set $end (i32.add (local.get $at) (i32.shl (local.get $block) (i32.const 2))))
      (loop $four
        (local.set $word (v128.load (local.get $at)))
        (local.set $word (v128.xor (local.get $word) (i32x4.shr_u (local.get $word) (i32.const 11))))
        (local.set $word
          (v128.xor
            (local.get $word)
            (v128.and
              (i32x4.shl (local.get $word) (i32.const 7))
              (v128.const i32x4 0x9d2c5680 0x9d2c5680 0x9d2c5680 0x9d2c5680))))
        (local.set $word
          (v128.xor
            (local.get $word)
            (v128.and
              (i32x4.shl (local.get $word) (i32.const 15))
              (v128.const i32x4 0xefc60000 0xefc60000 0xefc60000 0xefc60000))))
        (local.set $word (v128.xor (local.get $word) (i32x4.shr_u (local.get $word) (i32.const 18))))
        (if (local.get $uniform)
          (then
            (local.set $word
              (f32x4.mul
                (f32x4.convert_i32x4_s
                  (v128.and (local.get $word) (v128.const i32x4 0xffffff 0xffffff 0xffffff 0xffffff)))
                (v128.const f32x4 0x1p-24 0x1p-24 0x1p-24 0x1p-24)))))
        (v128.store (local.get $target) (local.get $word))
        (local.set $target (i32.add (local.get $target) (i32.const 16)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $four (i32.lt_u (local.get $at) (local.get $end))))
      ;; Back by what was written past the block.
      (local.set $target (i32.sub (local.get $target) (i32.sub (local.get $at) (local.get $end))))
      (local.set $next (i32.add (local.get $next) (local.get $block)))
      (local.set $count (i32.sub (local.get $count) (local.get $block)))
      (br_if $blocks (local.get $count)))
    (local.get $next))

  ;; Turns blocks of 16 uniforms, 64 bytes each, into normals: the first eight of a block become radii, the last eight
  ;; angles. Returns whether a sum was half-way between two float32.
  (func (export "normals") (param $at i32) (param $end i32) (param $mean f64) (param $deviation f64) (result i32)
    (local $k i32) (local $ties v128) (local $tail v128) (local $half v128) (local $sum v128)
    (local $bits v128) (local $x v128) (local $z v128) (local $y v128) (local $exponent v128) (local $radius v128)
    (local $octant v128) (local $even v128) (local $odd v128) (local $swapped v128)
    (local.set $tail (v128.const i64x2 0x1fffffff 0x1fffffff))
    (local.set $half (v128.const i64x2 0x10000000 0x10000000))
    (loop $two
      ;; 1 − uniform = 2ᵉ · m, with m in [√½, √2), and x = m − 1.
      (local.set $bits (f32x4.sub (v128.const f32x4 1 1 1 1) (v128.load64_zero (local.get $at))))
      (local.set $exponent
        (f64x2.convert_low_i32x4_s
          (i32x4.sub (i32x4.shr_u (local.get $bits) (i32.const 23)) (v128.const i32x4 126 126 126 126))))
      (local.set $x
        (f64x2.promote_low_f32x4
          (v128.or
            (v128.and (local.get $bits) (v128.const i32x4 0x7fffff 0x7fffff 0x7fffff 0x7fffff))
            (v128.const i32x4 0x3f000000 0x3f000000 0x3f000000 0x3f000000))))
      (local.set $swapped (f64x2.lt (local.get $x) (v128.load64_splat offset=5264 (i32.const 0))))
      (local.set $exponent
        (f64x2.sub (local.get $exponent) (v128.and (local.get $swapped) (v128.const f64x2 1 1))))
      (local.set $x
        (f64x2.add
          (f64x2.sub (local.get $x) (v128.const f64x2 1 1))
          (v128.and (local.get $x) (local.get $swapped))))

      ;; radius = √(−2 · ln)
      (local.set $y (v128.load64_splat offset=5120 (i32.const 0)))
      (local.set $k (i32.const 8))
      (loop $coefficient
        (local.set $sum
          (f64x2.add (f64x2.mul (local.get $y) (local.get $x)) (v128.load64_splat offset=5120 (local.get $k))))
        (local.set $ties
          (v128.or (local.get $ties) (i64x2.eq (v128.and (local.get $sum) (local.get $tail)) (local.get $half))))
        (local.set $y (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (local.get $sum))))
        (local.set $k (i32.add (local.get $k) (i32.const 8)))
        (br_if $coefficient (i32.lt_u (local.get $k) (i32.const 72))))
      (local.set $z
        (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (f64x2.mul (local.get $x) (local.get $x)))))
      (local.set $y
        (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (f64x2.mul (local.get $y) (local.get $x)))))
      (local.set $radius
        (f64x2.promote_low_f32x4
          (f32x4.demote_f64x2_zero
            (f64x2.mul (local.get $exponent) (v128.load64_splat offset=5272 (i32.const 0))))))
      (local.set $sum (f64x2.add (f64x2.mul (local.get $y) (local.get $z)) (local.get $radius)))
      (local.set $ties
        (v128.or (local.get $ties) (i64x2.eq (v128.and (local.get $sum) (local.get $tail)) (local.get $half))))
      (local.set $y (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (local.get $sum))))
      ;; Sums of two float32, for which rounding twice is rounding once.
      (local.set $y
        (f64x2.promote_low_f32x4
          (f32x4.demote_f64x2_zero
            (f64x2.sub (local.get $y) (f64x2.mul (local.get $z) (v128.const f64x2 0.5 0.5))))))
      (local.set $radius
        (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (f64x2.add (local.get $x) (local.get $y)))))
      ;; An exact sum: the exponent and its factor have few bits.
      (local.set $radius
        (f64x2.promote_low_f32x4
          (f32x4.demote_f64x2_zero
            (f64x2.add
              (f64x2.mul (local.get $exponent) (v128.load64_splat offset=5280 (i32.const 0)))
              (local.get $radius)))))
      (local.set $radius
        (f64x2.promote_low_f32x4
          (f32x4.demote_f64x2_zero (f64x2.sqrt (f64x2.mul (v128.const f64x2 -2 -2) (local.get $radius))))))

      ;; The angle, reduced to [−π/4, π/4].
      (local.set $x
        (f64x2.promote_low_f32x4
          (f32x4.demote_f64x2_zero
            (f64x2.mul
              (v128.load64_splat offset=5288 (i32.const 0))
              (f64x2.promote_low_f32x4 (v128.load64_zero offset=32 (local.get $at)))))))
      (local.set $y
        (f64x2.promote_low_f32x4
          (f32x4.demote_f64x2_zero (f64x2.mul (local.get $x) (v128.load64_splat offset=5296 (i32.const 0))))))
      (local.set $octant
        (v128.and
          (i32x4.add (i32x4.trunc_sat_f64x2_s_zero (local.get $y)) (v128.const i32x4 1 1 1 1))
          (v128.const i32x4 -2 -2 -2 -2)))
      (local.set $y (f64x2.convert_low_i32x4_s (local.get $octant)))
      ;; Exact sums: a few bits times a constant, within 53 bits of the angle.
      (local.set $x
        (f64x2.promote_low_f32x4
          (f32x4.demote_f64x2_zero
            (f64x2.add (f64x2.mul (local.get $y) (v128.load64_splat offset=5192 (i32.const 0))) (local.get $x)))))
      (local.set $x
        (f64x2.promote_low_f32x4
          (f32x4.demote_f64x2_zero
            (f64x2.add (f64x2.mul (local.get $y) (v128.load64_splat offset=5200 (i32.const 0))) (local.get $x)))))
      (local.set $x
        (f64x2.promote_low_f32x4
          (f32x4.demote_f64x2_zero
            (f64x2.add (f64x2.mul (local.get $y) (v128.load64_splat offset=5208 (i32.const 0))) (local.get $x)))))
      (local.set $z
        (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (f64x2.mul (local.get $x) (local.get $x)))))

      ;; Cosine and sine.
      (local.set $even (v128.load64_splat offset=5216 (i32.const 0)))
      (local.set $odd (v128.load64_splat offset=5224 (i32.const 0)))
      (local.set $k (i32.const 112))
      (loop $coefficient
        (local.set $sum
          (f64x2.add
            (f64x2.mul (local.get $even) (local.get $z))
            (v128.load64_splat offset=5120 (local.get $k))))
        (local.set $ties
          (v128.or (local.get $ties) (i64x2.eq (v128.and (local.get $sum) (local.get $tail)) (local.get $half))))
        (local.set $even (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (local.get $sum))))
        (local.set $sum
          (f64x2.add (f64x2.mul (local.get $odd) (local.get $z)) (v128.load64_splat offset=5128 (local.get $k))))
        (local.set $ties
          (v128.or (local.get $ties) (i64x2.eq (v128.and (local.get $sum) (local.get $tail)) (local.get $half))))
        (local.set $odd (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (local.get $sum))))
        (local.set $k (i32.add (local.get $k) (i32.const 16)))
        (br_if $coefficient (i32.lt_u (local.get $k) (i32.const 144))))
      (local.set $even
        (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (f64x2.mul (local.get $even) (local.get $z)))))
      (local.set $y
        (f64x2.promote_low_f32x4
          (f32x4.demote_f64x2_zero (f64x2.mul (v128.const f64x2 -0.5 -0.5) (local.get $z)))))
      (local.set $sum (f64x2.add (f64x2.mul (local.get $even) (local.get $z)) (local.get $y)))
      (local.set $ties
        (v128.or (local.get $ties) (i64x2.eq (v128.and (local.get $sum) (local.get $tail)) (local.get $half))))
      (local.set $even (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (local.get $sum))))
      (local.set $even
        (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (f64x2.add (local.get $even) (v128.const f64x2 1 1)))))
      (local.set $odd
        (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (f64x2.mul (local.get $odd) (local.get $z)))))
      (local.set $sum (f64x2.add (f64x2.mul (local.get $odd) (local.get $x)) (local.get $x)))
      (local.set $ties
        (v128.or (local.get $ties) (i64x2.eq (v128.and (local.get $sum) (local.get $tail)) (local.get $half))))
      (local.set $odd (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (local.get $sum))))

      ;; The octant decides which is which, and their signs.
      (local.set $octant (i64x2.extend_low_i32x4_s (local.get $octant)))
      (local.set $swapped
        (i64x2.eq (v128.and (local.get $octant) (v128.const i64x2 2 2)) (v128.const i64x2 2 2)))
      (local.set $y
        (v128.xor
          (v128.bitselect (local.get $odd) (local.get $even) (local.get $swapped))
          (i64x2.shl
            (v128.andnot
              (v128.const i64x2 4 4)
              (i64x2.sub (local.get $octant) (v128.const i64x2 2 2)))
            (i32.const 61))))
      (local.set $x
        (v128.xor
          (v128.bitselect (local.get $even) (local.get $odd) (local.get $swapped))
          (i64x2.shl (v128.and (local.get $octant) (v128.const i64x2 4 4)) (i32.const 61))))
      (local.set $y
        (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (f64x2.mul (local.get $radius) (local.get $y)))))
      (local.set $x
        (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (f64x2.mul (local.get $radius) (local.get $x)))))
      (local.set $sum
        (f64x2.add
          (f64x2.mul (local.get $y) (f64x2.splat (local.get $deviation)))
          (f64x2.splat (local.get $mean))))
      (local.set $ties
        (v128.or (local.get $ties) (i64x2.eq (v128.and (local.get $sum) (local.get $tail)) (local.get $half))))
      (v128.store64_lane 0 (local.get $at) (f32x4.demote_f64x2_zero (local.get $sum)))
      (local.set $sum
        (f64x2.add
          (f64x2.mul (local.get $x) (f64x2.splat (local.get $deviation)))
          (f64x2.splat (local.get $mean))))
      (local.set $ties
        (v128.or (local.get $ties) (i64x2.eq (v128.and (local.get $sum) (local.get $tail)) (local.get $half))))
      (v128.store64_lane offset=32 0 (local.get $at) (f32x4.demote_f64x2_zero (local.get $sum)))
      ;; The next two pairs, or past the block's angles.
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (local.set $at
        (i32.add (local.get $at) (i32.shl (i32.eqz (i32.and (local.get $at) (i32.const 31))) (i32.const 5))))
      (br_if $two (i32.lt_u (local.get $at) (local.get $end))))
    (v128.any_true (local.get $ties)))

  ;; float · range + low, two at once. Returns whether a sum was half-way between two float32.
  (func (export "spread") (param $at i32) (param $end i32) (param $low f64) (param $range f64) (result i32)
    (local $ties v128) (local $tail v128) (local $half v128) (local $sum v128)
    (local.set $tail (v128.const i64x2 0x1fffffff 0x1fffffff))
    (local.set $half (v128.const i64x2 0x10000000 0x10000000))
    (loop $two
      (local.set $sum
        (f64x2.add
          (f64x2.mul
            (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $at)))
            (f64x2.splat (local.get $range)))
          (f64x2.splat (local.get $low))))
      (local.set $ties
        (v128.or (local.get $ties) (i64x2.eq (v128.and (local.get $sum) (local.get $tail)) (local.get $half))))
      (v128.store64_lane 0 (local.get $at) (f32x4.demote_f64x2_zero (local.get $sum)))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $two (i32.lt_u (local.get $at) (local.get $end))))
    (v128.any_true (local.get $ties)))
)
