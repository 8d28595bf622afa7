;; The loops in which an image's time goes, on 16 bytes at once: the two passes of Pillow's resize and torchvision's
;; normalisation. passes-code.ts is this file, assembled.
;;
;; They read up to 15 bytes past a source and write up to 15 past a target: what they read there counts for nothing,
;; and what they write there is written over by what follows, so the caller leaves that much room.
(module
  (memory (export "memory") 16)

  ;; Resizes rows of RGB along their length, a pixel's three channels at once; the fourth lane is the next pixel's red.
  ;; `stride` is a row's bytes. Each of `length` target pixels begins at a byte of the row, in `starts`, and adds up
  ;; `taps` source pixels in the shares of 2²² that follow each other in `shares`.
  (func (export "rows")
    (param $source i32) (param $stride i32) (param $count i32) (param $target i32)
    (param $length i32) (param $taps i32) (param $starts i32) (param $shares i32)
    (local $start i32) (local $share i32) (local $left i32) (local $at i32) (local $end i32) (local $sum v128)
    (loop $row
      (local.set $start (local.get $starts))
      (local.set $share (local.get $shares))
      (local.set $left (local.get $length))
      (loop $pixel
        (local.set $at (i32.add (local.get $source) (i32.load (local.get $start))))
        (local.set $end (i32.add (local.get $share) (i32.shl (local.get $taps) (i32.const 2))))
        ;; Half of 2²², so that what is cut off below rounds.
        (local.set $sum (v128.const i32x4 0x200000 0x200000 0x200000 0x200000))
        (loop $tap
          (local.set $sum
            (i32x4.add
              (local.get $sum)
              (i32x4.mul
                (i32x4.extend_low_i16x8_u (v128.load8x8_u (local.get $at)))
                (v128.load32_splat (local.get $share)))))
          (local.set $at (i32.add (local.get $at) (i32.const 3)))
          (local.set $share (i32.add (local.get $share) (i32.const 4)))
          (br_if $tap (i32.lt_u (local.get $share) (local.get $end))))
        ;; Narrowing clamps to 0 … 255.
        (local.set $sum (i32x4.shr_s (local.get $sum) (i32.const 22)))
        (local.set $sum (i16x8.narrow_i32x4_s (local.get $sum) (local.get $sum)))
        (v128.store32_lane 0 (local.get $target) (i8x16.narrow_i16x8_u (local.get $sum) (local.get $sum)))
        (local.set $target (i32.add (local.get $target) (i32.const 3)))
        (local.set $start (i32.add (local.get $start) (i32.const 4)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br_if $pixel (local.get $left)))
      (local.set $source (i32.add (local.get $source) (local.get $stride)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br_if $row (local.get $count))))

  ;; Resizes columns along their height, sixteen bytes of a row at once, whatever their channels. Each of `length`
  ;; target rows begins `starts` bytes into the source.
  (func (export "columns")
    (param $source i32) (param $stride i32) (param $target i32)
    (param $length i32) (param $taps i32) (param $starts i32) (param $shares i32)
    (local $first i32) (local $x i32) (local $at i32) (local $share i32) (local $left i32)
    (local $k v128) (local $bytes v128)
    (local $sum0 v128) (local $sum1 v128) (local $sum2 v128) (local $sum3 v128)
    (loop $row
      (local.set $first (i32.add (local.get $source) (i32.load (local.get $starts))))
      (local.set $x (i32.const 0))
      (loop $sixteen
        (local.set $sum0 (v128.const i32x4 0x200000 0x200000 0x200000 0x200000))
        (local.set $sum1 (local.get $sum0))
        (local.set $sum2 (local.get $sum0))
        (local.set $sum3 (local.get $sum0))
        (local.set $at (i32.add (local.get $first) (local.get $x)))
        (local.set $share (local.get $shares))
        (local.set $left (local.get $taps))
        (loop $tap
          (local.set $k (v128.load32_splat (local.get $share)))
          (local.set $bytes (v128.load8x8_u (local.get $at)))
          (local.set $sum0
            (i32x4.add (local.get $sum0)
              (i32x4.mul (local.get $k) (i32x4.extend_low_i16x8_u (local.get $bytes)))))
          (local.set $sum1
            (i32x4.add (local.get $sum1)
              (i32x4.mul (local.get $k) (i32x4.extend_high_i16x8_u (local.get $bytes)))))
          (local.set $bytes (v128.load8x8_u offset=8 (local.get $at)))
          (local.set $sum2
            (i32x4.add (local.get $sum2)
              (i32x4.mul (local.get $k) (i32x4.extend_low_i16x8_u (local.get $bytes)))))
          (local.set $sum3
            (i32x4.add (local.get $sum3)
              (i32x4.mul (local.get $k) (i32x4.extend_high_i16x8_u (local.get $bytes)))))
          (local.set $at (i32.add (local.get $at) (local.get $stride)))
          (local.set $share (i32.add (local.get $share) (i32.const 4)))
          (local.set $left (i32.sub (local.get $left) (i32.const 1)))
          (br_if $tap (local.get $left)))
        (v128.store (i32.add (local.get $target) (local.get $x))
          (i8x16.narrow_i16x8_u
            (i16x8.narrow_i32x4_s
              (i32x4.shr_s (local.get $sum0) (i32.const 22))
              (i32x4.shr_s (local.get $sum1) (i32.const 22)))
            (i16x8.narrow_i32x4_s
              (i32x4.shr_s (local.get $sum2) (i32.const 22))
              (i32x4.shr_s (local.get $sum3) (i32.const 22)))))
        (local.set $x (i32.add (local.get $x) (i32.const 16)))
        (br_if $sixteen (i32.lt_u (local.get $x) (local.get $stride))))
      (local.set $starts (i32.add (local.get $starts) (i32.const 4)))
      (local.set $shares (local.get $share))
      (local.set $target (i32.add (local.get $target) (local.get $stride)))
      (local.set $length (i32.sub (local.get $length) (i32.const 1)))
      (br_if $row (local.get $length))))

  ;; Makes of every third byte from `source` to `end` the float (byte / 255 − mean) / deviation, four at once, each step
  ;; rounded to 32 bits as torch rounds it.
  (func (export "plane")
    (param $source i32) (param $end i32) (param $target i32) (param $mean f32) (param $deviation f32)
    (local $means v128) (local $deviations v128)
    (local.set $means (f32x4.splat (local.get $mean)))
    (local.set $deviations (f32x4.splat (local.get $deviation)))
    (loop $four
      (v128.store (local.get $target)
        (f32x4.div
          (f32x4.sub
            (f32x4.div
              (f32x4.convert_i32x4_s
                ;; Bytes 0, 3, 6 and 9, each with three zeros behind it.
                (i8x16.shuffle 0 16 16 16 3 16 16 16 6 16 16 16 9 16 16 16
                  (v128.load (local.get $source))
                  (v128.const i32x4 0 0 0 0)))
              (v128.const f32x4 255 255 255 255))
            (local.get $means))
          (local.get $deviations)))
      (local.set $target (i32.add (local.get $target) (i32.const 16)))
      (local.set $source (i32.add (local.get $source) (i32.const 12)))
      (br_if $four (i32.lt_u (local.get $source) (local.get $end))))))
