"""The deck that plain quizzes are tried on: a card of each kind."""

DECK = """---
deck: d
---

# Padding
<!-- topic id=frames aka="zero frames" ref="A book" -->
Zeros around the input.

## Padding
<!-- card id=term -->
Zeros around the input.

## Which padding keeps a 5 × 5 kernel's size?
<!-- card id=same -->
- [ ] 1
  > Enough for a 3 × 3 kernel.
- [x] 2
- [ ] 4
  > That is $k-1$, both sides together.

> [!NOTE]
> Half of what the kernel takes away.

## Which are true?
<!-- card id=true-ones type=multi -->
- [x] It adds zeros
- [x] It keeps the edge
- [ ] It adds weights
  > Nothing is learned there.

## Zeros carry weights.
<!-- card id=weights type=truefalse -->
- [ ] True
  > They are constants.
- [x] False

## Chain rule
<!-- card id=chain -->
The ==loss== goes back to the ==weights== by ==$dL/dw$==.

## The softmax
<!-- card id=formula -->
Its formula is ==$e^{s_i}$==.

# Counting
<!-- topic id=counting ref="A book" -->
One by one.

## A layer has @{n} inputs and @{m} units with biases. How many parameters?
<!-- card id=count -->
```params
n = int(10, 99)
m = int(2, 9)
ans = n * m + m
wrong "forgot the biases" = n * m
```
= @{ans} parameters

> [!NOTE]
> @{n} × @{m} weights and @{m} biases.

## The name of $\\max(0, x)$?
<!-- card id=relu -->
= "ReLU" | "rectified linear unit"

> [!TIP]
> Four letters.

## Put one step in order.
<!-- card id=steps type=order -->
1. Forward pass
2. Loss
3. Backward pass

## Match each loss to its task.
<!-- card id=losses type=match -->
| Loss | Task |
| --- | --- |
| cross-entropy | classification |
| squared error | regression |
| hinge | margins |
"""
