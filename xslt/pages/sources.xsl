<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/sources: the tab Source data, with the last 30 runs of each source and the runs by day of everything below. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'sources']" mode="heading"><xsl:value-of select="/t:page/t:customer/@name"/> - Source data</xsl:template>

<xsl:template match="t:page[@kind = 'sources']" mode="content">
	<xsl:for-each select="t:customer"><xsl:call-template name="customer-head"/></xsl:for-each>
	<h2 class="vh">Source data</h2>
	<xsl:if test="not(t:source)"><section class="card"><div class="empty"><h3>No billing source is connected</h3><p>Source data is not available until there is one.</p></div></section></xsl:if>
	<div class="stack">
		<xsl:for-each select="t:source"><xsl:call-template name="source"/></xsl:for-each>
		<xsl:for-each select="t:history"><xsl:call-template name="history"/></xsl:for-each>
		<xsl:for-each select="t:form">
			<section class="card pad small">
				<h2>Connect billing data</h2>
				<xsl:call-template name="form"/>
			</section>
		</xsl:for-each>
	</div>
</xsl:template>

<xsl:template name="source">
	<section class="card pad">
		<div class="head">
			<h3>Account <span class="mono"><xsl:value-of select="@account"/></span></h3>
			<span class="dot {@state}"><xsl:call-template name="state-word"/></span>
			<xsl:if test="@since"><span class="hint">since <xsl:call-template name="instant"><xsl:with-param name="at" select="@since"/></xsl:call-template></span></xsl:if>
		</div>
		<xsl:if test="@message"><p class="notice"><xsl:value-of select="@message"/></p></xsl:if>
		<div class="pictured">
			<dl class="facts">
				<dt>Report</dt><dd class="mono"><xsl:value-of select="@report"/></dd>
				<dt>Location</dt><dd class="mono"><xsl:value-of select="@location"/></dd>
				<dt>Connected</dt><dd><xsl:call-template name="day"><xsl:with-param name="at" select="@connected"/></xsl:call-template></dd>
			</dl>
			<xsl:choose>
				<xsl:when test="t:run"><xsl:call-template name="runs"/></xsl:when>
				<xsl:otherwise><p class="soft">No run has been reported yet.</p></xsl:otherwise>
			</xsl:choose>
		</div>
		<xsl:if test="t:run"><xsl:call-template name="runs-table"/></xsl:if>
		<xsl:if test="/t:page/t:form"><p class="foot">
			<a class="button" href="{$base}customers/{/t:page/t:customer/@id}/sources/{@id}">Edit<span class="vh"> account <xsl:value-of select="@account"/></span></a>
			<a class="button ask" href="{$base}customers/{/t:page/t:customer/@id}/sources/{@id}/disconnect">Disconnect<span class="vh"> account <xsl:value-of select="@account"/></span></a>
		</p></xsl:if>
	</section>
</xsl:template>

<!-- A column a run, from the oldest to the newest: a bar as high as there are rows, behind a failed one a field as high as the picture, and under
     each the shape of its state as everywhere. Without any rows the bars are blocks of one height, and the picture is as low as they are. -->
<xsl:template name="runs">
	<xsl:variable name="most"><xsl:for-each select="t:run[@rows &gt; 0]"><xsl:sort select="@rows" data-type="number" order="descending"/><xsl:if test="position() = 1"><xsl:value-of select="@rows"/></xsl:if></xsl:for-each></xsl:variable>
	<xsl:variable name="foot"><xsl:choose><xsl:when test="t:run/@rows &gt; 0">36</xsl:when><xsl:otherwise>10</xsl:otherwise></xsl:choose></xsl:variable>
	<xsl:variable name="count" select="count(t:run)"/>
	<figure class="history">
		<svg viewBox="0 0 {$count * 10} {$foot + 13}" width="{$count * 20}" role="img">
			<xsl:attribute name="aria-label">Last <xsl:value-of select="$count"/> runs: <xsl:value-of select="count(t:run[@status = 'success'])"/> success, <xsl:value-of select="count(t:run[@status = 'warning'])"/> warning, <xsl:value-of select="count(t:run[@status = 'failed'])"/> failed, <xsl:value-of select="count(t:run[not(@status)])"/> running; <xsl:value-of select="format-number(sum(t:run/@rows), '#,##0')"/> rows</xsl:attribute>
			<xsl:for-each select="t:run">
				<xsl:variable name="height"><xsl:choose><xsl:when test="$foot = 10">10</xsl:when><xsl:when test="@rows &gt; 0"><xsl:value-of select="3 + ceiling(33 * @rows div $most)"/></xsl:when><xsl:when test="@status = 'failed'">6</xsl:when><xsl:otherwise>2</xsl:otherwise></xsl:choose></xsl:variable>
				<g transform="translate({($count - position()) * 10 + 1} 0)">
					<xsl:attribute name="class"><xsl:choose><xsl:when test="@status"><xsl:value-of select="@status"/></xsl:when><xsl:otherwise>not_available</xsl:otherwise></xsl:choose></xsl:attribute>
					<xsl:choose>
						<xsl:when test="@status = 'failed'"><rect class="behind" width="8" height="{$foot}"/><rect y="{$foot - $height}" width="8" height="{$height}"/></xsl:when>
						<xsl:when test="@status"><rect y="{$foot - $height}" width="8" height="{$height}"/></xsl:when>
						<xsl:otherwise><rect class="open" x=".5" y=".5" width="7" height="{$foot - 1}"/></xsl:otherwise>
					</xsl:choose>
					<g transform="translate(0 {$foot + 7})"><xsl:call-template name="shape"><xsl:with-param name="state" select="@status"/></xsl:call-template></g>
				</g>
			</xsl:for-each>
		</svg>
		<figcaption class="hint"><xsl:if test="$count &gt; 1"><span><xsl:choose><xsl:when test="$foot = 36">Rows, older to newer</xsl:when><xsl:otherwise>Older to newer; none had rows</xsl:otherwise></xsl:choose></span></xsl:if><span>Last run <xsl:call-template name="instant"><xsl:with-param name="at" select="t:run[1]/@started"/></xsl:call-template></span></figcaption>
	</figure>
</xsl:template>

<xsl:template name="runs-table">
	<details>
		<summary><xsl:choose><xsl:when test="count(t:run) = 1">The run</xsl:when><xsl:otherwise>Last <xsl:value-of select="count(t:run)"/> runs</xsl:otherwise></xsl:choose></summary>
		<div class="scroll rows">
			<table aria-label="Runs of account {@account}">
				<thead><tr><th scope="col" class="c-at">Started</th><th scope="col" class="c-at">Finished</th><th scope="col" class="c-tier">Status</th><th scope="col" class="c-tier number">Rows</th><th scope="col" class="c-tier">Period</th><th scope="col">Message</th></tr></thead>
				<tbody>
					<xsl:for-each select="t:run">
						<tr>
							<th scope="row"><xsl:call-template name="instant"><xsl:with-param name="at" select="@started"/></xsl:call-template></th>
							<td data-label="Finished"><xsl:call-template name="instant"><xsl:with-param name="at" select="@finished"/></xsl:call-template></td>
							<td data-label="Status"><xsl:call-template name="run-status"/></td>
							<td data-label="Rows" class="number"><xsl:if test="@rows"><xsl:value-of select="format-number(@rows, '#,##0')"/></xsl:if></td>
							<td data-label="Period"><xsl:value-of select="@period"/></td>
							<td data-label="Message" class="full"><xsl:value-of select="@message"/></td>
						</tr>
					</xsl:for-each>
				</tbody>
			</table>
		</div>
	</details>
</xsl:template>

<xsl:template name="run-status">
	<xsl:choose>
		<xsl:when test="@status = 'success'"><span class="dot success">Success</span></xsl:when>
		<xsl:when test="@status = 'warning'"><span class="dot warning">Warning</span></xsl:when>
		<xsl:when test="@status = 'failed'"><span class="dot failed">Failed</span></xsl:when>
		<xsl:otherwise><span class="dot not_available">Running</span></xsl:otherwise>
	</xsl:choose>
</xsl:template>

<!-- Round, standing on its tip, square, or open: as beside the words. -->
<xsl:template name="shape">
	<xsl:param name="state"/>
	<xsl:choose>
		<xsl:when test="$state = 'failed'"><rect x="1" y="-3" width="6" height="6"/></xsl:when>
		<xsl:when test="$state = 'warning'"><path d="M4-4l4 4-4 4-4-4z"/></xsl:when>
		<xsl:when test="$state = 'success'"><circle cx="4" cy="0" r="3"/></xsl:when>
		<xsl:otherwise><circle class="open" cx="4" cy="0" r="2.5"/></xsl:otherwise>
	</xsl:choose>
</xsl:template>
</xsl:stylesheet>
